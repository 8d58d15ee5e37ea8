package io.pfagent.kernel;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The kernel's thread id of a live {@link Thread}, which Java itself does not tell.
 *
 * <pre>
 * java.lang.Thread          JavaThread (C++)           OSThread (C++)
 *   eetop ----------------->  _osthread -------------->  _thread_id: pid_t, 4 bytes
 * </pre>
 *
 * <p>The two C++ offsets come from {@link VmStructs}, by name, and count only if type and width are
 * the expected ones. Both hops are made with process_vm_readv(2), so a thread that ends right now
 * yields 0 instead of a crash. One lookup costs two system calls. Safe for several threads.
 */
public final class HotSpotThreads {

  private static final String NAME = "hotspot-thread-ids";
  private static final String FALLBACK = "counters per thread carry the kernel's thread id only";

  // include/linux/threads.h: PID_MAX_LIMIT on 64 bits.
  private static final int MOST_PID = 4 * 1024 * 1024;

  private static final Set<String> OS_THREAD_TYPES = Set.of("OSThread*");
  private static final Set<String> THREAD_ID_TYPES = Set.of("OSThread::thread_id_t", "pid_t");

  private final Optional<SelfMemory> memory;
  private final long osthreadOffset;
  private final long threadIdOffset;
  private final Capability capability;

  private HotSpotThreads(long osthreadOffset, long threadIdOffset) {
    this.memory = Optional.of(new SelfMemory());
    this.osthreadOffset = osthreadOffset;
    this.threadIdOffset = threadIdOffset;
    this.capability = Capability.available(NAME);
  }

  private HotSpotThreads(String reason) {
    this.memory = Optional.empty();
    this.osthreadOffset = 0;
    this.threadIdOffset = 0;
    this.capability = Capability.unavailable(NAME, reason, FALLBACK);
  }

  /** Looks the offsets up in this JVM; where that is impossible, see {@link #capability()}. */
  public static HotSpotThreads open() {
    if (!LibC.AVAILABLE) {
      return new HotSpotThreads(LibC.CAPABILITY.reason());
    }
    if (!new SelfMemory().works()) {
      return new HotSpotThreads(
          "process_vm_readv on this very process: "
              + Errno.name(LibC.errno())
              + "; allow it in the container's seccomp profile");
    }
    return of(new VmStructs(LibJvm.find()::symbol));
  }

  static HotSpotThreads of(VmStructs structs) {
    if (!structs.present()) {
      return new HotSpotThreads("this JVM exports no gHotSpotVMStructs; only HotSpot does");
    }
    OptionalLong osthread = offset(structs, "Thread", "_osthread", Long.BYTES, OS_THREAD_TYPES);
    if (osthread.isEmpty()) { // JDK 17 describes the field as JavaThread's
      osthread = offset(structs, "JavaThread", "_osthread", Long.BYTES, OS_THREAD_TYPES);
    }
    OptionalLong threadId =
        offset(structs, "OSThread", "_thread_id", Integer.BYTES, THREAD_ID_TYPES);
    if (osthread.isEmpty() || threadId.isEmpty()) {
      return new HotSpotThreads(
          "gHotSpotVMStructs of JVM %s lacks %s in the expected form"
              .formatted(
                  Runtime.version(),
                  osthread.isEmpty() ? "Thread::_osthread" : "OSThread::_thread_id"));
    }
    return new HotSpotThreads(osthread.getAsLong(), threadId.getAsLong());
  }

  /** Whether thread ids can be looked up in this JVM. */
  public Capability capability() {
    return capability;
  }

  /**
   * The kernel's thread id, as in {@code gettid()}.
   *
   * @param eetop the value of the thread's private field {@code eetop}; 0 if it is not running, and
   *     for virtual threads
   * @return the id, or 0 if the thread is not running or ids are not available here
   */
  public synchronized int osThreadId(long eetop) {
    if (memory.isEmpty() || eetop == 0) {
      return 0;
    }
    SelfMemory self = memory.get();
    if (!self.read(eetop + osthreadOffset, Long.BYTES)) {
      return 0;
    }
    long osThread = self.getLong(0);
    if (osThread == 0 || !self.read(osThread + threadIdOffset, Integer.BYTES)) {
      return 0;
    }
    // Memory that was freed a moment ago may hold anything.
    int threadId = self.getInt();
    return threadId > 0 && threadId <= MOST_PID ? threadId : 0;
  }

  /** The offset of a field that has one of these types, this width, and lies inside its object. */
  private static OptionalLong offset(
      VmStructs structs, String typeName, String fieldName, int width, Set<String> types) {
    Optional<VmStructs.Field> field = structs.field(typeName, fieldName);
    if (field.isEmpty()) {
      return OptionalLong.empty();
    }
    String type = field.get().type().replace("volatile ", "").strip();
    long offset = field.get().offset();
    // A pointer, or a type of the C library (pid_t), is not in the table and has a known width.
    boolean rightWidth = structs.sizeOf(type).orElse(width) == width;
    boolean inside = structs.sizeOf(typeName).orElse(0) >= offset + width;
    return offset >= 0 && rightWidth && inside && types.contains(type)
        ? OptionalLong.of(offset)
        : OptionalLong.empty();
  }
}
