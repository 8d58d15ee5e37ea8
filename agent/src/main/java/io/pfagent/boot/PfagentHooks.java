package io.pfagent.boot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * What woven methods call. The build renames this class to {@code java.lang.PfagentHooks}, and the
 * agent defines it inside {@code java.base}: every class, in whatever module or loader, can link to
 * it, and no boot class path is appended (which would cost the application its CDS archive).
 *
 * <p>It knows JDK types only. It stays in the JVM when the agent is uninstalled, inert: no handler,
 * and a threshold that no size reaches.
 *
 * <p>Nothing thrown by the handler reaches the application: see {@link Handler#failed}.
 */
public final class PfagentHooks {

  /** Changes when woven code or a handler of another version could not work with this class. */
  public static final int VERSION = 2;

  /** {@code Unsafe.allocateMemory}. */
  public static final int ALLOCATE = 0;

  /** {@code Unsafe.reallocateMemory}. */
  public static final int REALLOCATE = 1;

  /** {@code ByteBuffer.allocateDirect}. */
  public static final int DIRECT_BUFFER = 2;

  /** A native segment of an FFM arena. */
  public static final int ARENA = 3;

  /** {@code FileChannel.map}. */
  public static final int MAP = 4;

  /** {@code Unsafe.setMemory}. */
  public static final int SET = 5;

  /** {@code Unsafe.copyMemory}. */
  public static final int COPY = 6;

  /** {@code MappedByteBuffer.load}. */
  public static final int LOAD = 7;

  /** {@code MappedByteBuffer.force}. */
  public static final int FORCE = 8;

  /** A method that the option {@code touch=} names. */
  public static final int METHOD = 9;

  /**
   * Stands for a span where a hooked method is to be left out. Woven code tells by its class, which
   * is one that every class can link to.
   */
  public static final Object SKIP = true;

  /** A smaller set or copy of resident memory takes no longer than to count its faults would. */
  private static final long BULK_BYTES = 1 << 20;

  /** Receives what the hooks see. One per JVM; called by any thread, never twice at once by one. */
  public interface Handler {

    /**
     * A hooked method was entered.
     *
     * @param state the calling thread's state
     * @param operation one of the constants of {@link PfagentHooks}
     * @param address the memory that is reallocated or touched, 0 if there is none yet
     * @param size bytes
     * @param detail the path of a mapped file or the name of a method, else null
     * @return the open span, or null if the operation isn't accounted by itself
     */
    Object enter(ThreadState state, int operation, long address, long size, String detail);

    /**
     * A hooked method whose {@link #enter} gave a span returns or throws.
     *
     * @param address the memory that was allocated, 0 if it failed or isn't an allocation
     */
    void exit(ThreadState state, Object span, long address);

    /**
     * Inside {@link #MAP}: where the mapping is.
     *
     * @param base what {@code mmap(2)} returned
     * @param address where the wanted part of the file starts
     */
    void mapped(ThreadState state, long base, long address);

    /**
     * Inside {@link #DIRECT_BUFFER} or {@link #ARENA}: the JDK is about to zero memory.
     *
     * @return true if it is fresh memory of this allocation, and zero already
     */
    boolean isZero(ThreadState state, long address, long size);

    /**
     * Whether a region that starts at this address is tracked: a few nanoseconds, no allocation.
     */
    boolean tracks(long address);

    /** The tracked region at this address is about to be freed. */
    void free(long address);

    /** Something above threw: said once by the agent, never seen by the application. */
    void failed(Throwable failure);
  }

  /** What a thread carries: JDK types, so that nothing of an uninstalled agent is held. */
  public static final class ThreadState {
    /** The agent's own code runs in this thread: its allocations are not the application's. */
    boolean busy;

    /** Which installation of a handler {@link #span} belongs to. */
    int generation;

    /** The innermost open span, or null. */
    public Object span;

    /** Where {@code getrusage(2)} writes for this thread, or null before the first use. */
    public ByteBuffer rusage;

    /** Native address of {@link #rusage}. */
    public long rusageAddress;

    ThreadState() {}
  }

  private static final class ThreadStates extends ThreadLocal<ThreadState> {
    @Override
    protected ThreadState initialValue() {
      return new ThreadState();
    }
  }

  private static final ThreadStates STATES = new ThreadStates();

  private static final MethodHandle CARRIER = carrierHandle();

  /** Smaller operations are left alone; no size reaches it while there is no handler. */
  private static volatile long minSize = Long.MAX_VALUE;

  private static volatile Handler handler;

  /** Counts installations: what a span of an earlier one was must not reach the handler of now. */
  private static volatile int generation;

  private PfagentHooks() {}

  /**
   * Starts to call a handler.
   *
   * @param minSize bytes from which on an operation is passed on
   * @return false if there is one already; nothing changes then
   */
  public static synchronized boolean install(Handler newHandler, long minSize) {
    if (handler != null) {
      return false;
    }
    generation = generation + 1;
    handler = newHandler;
    PfagentHooks.minSize = minSize;
    return true;
  }

  /** Stops to call the handler; spans that are open end unseen. */
  public static synchronized void uninstall() {
    minSize = Long.MAX_VALUE;
    handler = null;
  }

  /** Whether an agent is at work in this JVM. */
  public static boolean isInstalled() {
    return handler != null;
  }

  /** A hooked method with a size was entered: null at once for a small one. */
  public static Object enterSized(int operation, long address, long size) {
    return size < minSize ? null : enter(operation, address, size, null);
  }

  /** Much memory is about to be set or copied. */
  public static Object enterBulk(int operation, long address, long size) {
    return size < BULK_BYTES || size < minSize ? null : enter(operation, address, size, null);
  }

  /** Memory outside the heap is about to be set: {@link #SKIP} where that can be left out. */
  public static Object enterSet(long address, long size, byte value) {
    return value == 0 && isZero(address, size) ? SKIP : enterBulk(SET, address, size);
  }

  /**
   * The JDK, or anyone, is about to fill memory with zeros.
   *
   * @return true if that can be left out: the memory belongs to the allocation that is under way in
   *     this thread, and the kernel has made it zero
   */
  public static boolean isZero(long address, long size) {
    if (size < BULK_BYTES || size < minSize) {
      return false;
    }
    Handler current = handler;
    ThreadState state = STATES.get();
    if (current == null || state.span == null || state.busy || state.generation != generation) {
      return false;
    }
    try {
      return current.isZero(state, address, size);
    } catch (Throwable failure) {
      report(current, failure);
      return false;
    }
  }

  /** A file is about to be mapped. */
  public static Object enterMap(long size, String path) {
    return size < minSize ? null : enter(MAP, 0, size, path);
  }

  /** A method that {@code touch=} names was entered. */
  public static Object enterMethod(String method) {
    return enter(METHOD, 0, 0, method);
  }

  /**
   * Memory is about to change its size. The old region may be tracked while the new size is below
   * the threshold, and the other way round.
   */
  public static Object enterReallocate(long address, long size) {
    Handler current = handler;
    if (current == null || (size < minSize && !current.tracks(address))) {
      return null;
    }
    return enter(REALLOCATE, address, size, null);
  }

  private static Object enter(int operation, long address, long size, String detail) {
    Handler current = handler;
    if (current == null) {
      return null;
    }
    ThreadState state = STATES.get();
    if (state.busy) {
      return null;
    }
    if (state.generation != generation) {
      state.generation = generation;
      state.span = null;
    }
    state.busy = true;
    try {
      return current.enter(state, operation, address, size, detail);
    } catch (Throwable failure) {
      report(current, failure);
      return null;
    } finally {
      state.busy = false;
    }
  }

  /** A hooked method that got a span at entry is left, normally or by an exception. */
  public static void exit(Object span, long address) {
    ThreadState state = STATES.get();
    Handler current = handler;
    if (current == null || state.generation != generation) {
      state.span = null;
      return;
    }
    if (state.busy) {
      return;
    }
    state.busy = true;
    try {
      current.exit(state, span, address);
    } catch (Throwable failure) {
      state.span = null;
      report(current, failure);
    } finally {
      state.busy = false;
    }
  }

  /** A mapping was made; its wanted part starts {@code pagePosition} bytes in. */
  public static void mapped(long base, int pagePosition) {
    Handler current = handler;
    if (current == null) {
      return;
    }
    ThreadState state = STATES.get();
    if (state.span == null || state.busy || state.generation != generation) {
      return;
    }
    try {
      current.mapped(state, base, base + pagePosition);
    } catch (Throwable failure) {
      report(current, failure);
    }
  }

  /**
   * Memory is about to be freed or unmapped: a look into the table first, nearly always the end.
   * This counts while the agent's own code runs too, for the JDK may free the application's buffers
   * in any thread that asks for memory.
   */
  public static void free(long address) {
    Handler current = handler;
    if (current == null || !current.tracks(address)) {
      return;
    }
    ThreadState state = STATES.get();
    boolean before = state.busy;
    state.busy = true;
    try {
      current.free(address);
    } catch (Throwable failure) {
      report(current, failure);
    } finally {
      state.busy = before;
    }
  }

  /**
   * The agent's own work begins in this thread: what it allocates is not the application's.
   *
   * @return what {@link #endOwnWork} must be given
   */
  public static boolean beginOwnWork() {
    ThreadState state = STATES.get();
    boolean before = state.busy;
    state.busy = true;
    return before;
  }

  /** The agent's own work has ended in this thread. */
  public static void endOwnWork(boolean before) {
    STATES.get().busy = before;
  }

  /**
   * The platform thread that runs the caller: the carrier of a virtual thread (JEP 444), otherwise
   * the current thread itself. A span that starts and ends on different ones can't be counted.
   */
  public static Thread carrierThread() {
    if (CARRIER == null) {
      return Thread.currentThread();
    }
    try {
      return (Thread) CARRIER.invokeExact();
    } catch (Throwable failure) {
      return Thread.currentThread();
    }
  }

  private static void report(Handler current, Throwable failure) {
    try {
      current.failed(failure);
    } catch (Throwable ignored) {
      // Out of memory or stack: the application must not pay for the message.
    }
  }

  /** {@code Thread.currentCarrierThread()} exists from JDK 19 on and is private to java.lang. */
  private static MethodHandle carrierHandle() {
    try {
      Method method = Thread.class.getDeclaredMethod("currentCarrierThread");
      return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Thread.class));
    } catch (ReflectiveOperationException beforeVirtualThreads) {
      return null;
    }
  }
}
