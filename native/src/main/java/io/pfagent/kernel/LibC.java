package io.pfagent.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The C library, bound directly: one native method per function, under its C name. Pointers and
 * {@code size_t} are {@code long} (LP64 only). A function that fails returns -1 and {@link
 * #errno()} tells why, unless it says otherwise.
 *
 * <p>Ask {@link #AVAILABLE} first: on another operating system, on 32 bits, or where JNA or a
 * symbol is missing, nothing is bound and every native method throws {@link UnsatisfiedLinkError}.
 */
final class LibC {

  /** Why the C library cannot be called, if it cannot. */
  static final Capability CAPABILITY = link();

  static final boolean AVAILABLE = CAPABILITY.available();

  /** {@code O_RDONLY | O_CLOEXEC}, the same on x86-64 and aarch64 (asm-generic/fcntl.h). */
  static final int O_RDONLY_CLOEXEC = 0x80000;

  /** {@code whence} of {@link #lseek}. */
  static final int SEEK_SET = 0;

  /** {@code dlsym} handle: all libraries loaded globally. */
  static final long RTLD_DEFAULT = 0;

  /** {@code RTLD_LAZY | RTLD_NOLOAD}: a handle only if the library is loaded already. */
  static final int RTLD_LAZY_NOLOAD = 0x1 | 0x4;

  static final int SC_CLK_TCK = 2;
  static final int SC_PAGESIZE = 30;

  /** Asked once: it never changes. */
  private static final long PAGE_SIZE = AVAILABLE ? sysconf(SC_PAGESIZE) : -1;

  static final int PROT_READ_WRITE = 0x1 | 0x2;

  static final int MAP_SHARED = 0x01;

  /** {@code MAP_PRIVATE | MAP_ANONYMOUS}, the same on x86-64 and aarch64. */
  static final int MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;

  /** {@code mmap}'s result when it fails. */
  static final long MAP_FAILED = -1;

  static final int MADV_HUGEPAGE = 14;
  static final int MADV_NOHUGEPAGE = 15;

  private LibC() {}

  /** Fills a {@code struct rusage} of 144 bytes; 0, or -1: EFAULT, EINVAL. getrusage(2). */
  static native int getrusage(int who, long usage);

  /** Any system call by its number, three arguments; -1: ENOSYS, EPERM (seccomp). syscall(2). */
  static native long syscall(long number, long first, long second, long third);

  /** As above with five arguments, which perf_event_open(2) takes. */
  static native long syscall(
      long number, long first, long second, long third, long fourth, long fifth);

  /** Bytes copied; -1: EFAULT (not mapped), EPERM, ESRCH, ENOSYS. process_vm_readv(2). */
  static native long process_vm_readv(
      int pid, long local, long localCount, long remote, long remoteCount, long flags);

  /** Depends on the request; -1: EBADF, EFAULT, EINVAL, ENOTTY (unknown request). ioctl(2). */
  static native int ioctl(int fd, long request, long argument);

  /** A file descriptor; -1: EACCES, EMFILE, ENOENT. {@code path} ends with a zero. openat(2). */
  static native int openat(int directory, long path, int flags);

  /** Bytes read, 0 at the end; -1: EBADF, EIO, ESRCH (the thread is gone). read(2). */
  static native long read(int fd, long buffer, long count);

  /** As {@link #read}, from an offset. pread(2). */
  static native long pread(int fd, long buffer, long count, long offset);

  /** The new offset; -1: EBADF, EINVAL, ESPIPE. lseek(2). */
  static native long lseek(int fd, long offset, int whence);

  /** 0; -1: EBADF, EIO. close(2). */
  static native int close(int fd);

  /** An address; {@link #MAP_FAILED}: EINVAL, ENOMEM, EPERM. mmap(2). */
  static native long mmap(
      long address, long length, int protection, int flags, int fd, long offset);

  /** 0; -1: EINVAL. munmap(2). */
  static native int munmap(long address, long length);

  /** 0; -1: EINVAL (the kernel lacks the advice), ENOMEM (not mapped). madvise(2). */
  static native int madvise(long address, long length, int advice);

  /** How many descriptors are ready, 0 after the time in ms; -1: EINTR, EINVAL. poll(2). */
  static native int poll(long descriptors, long count, int timeoutMillis);

  /** A counter as a file descriptor; -1: EMFILE, ENFILE. eventfd(2). */
  static native int eventfd(int value, int flags);

  /** Bytes written; -1: EAGAIN, EBADF. write(2). */
  static native long write(int fd, long buffer, long count);

  /** A limit or setting; -1: not known. sysconf(3). */
  static native long sysconf(int name);

  /** This process's id in its own pid namespace; never fails. getpid(2). */
  static native int getpid();

  /** A handle; 0: not loaded, or no such file. dlopen(3). */
  static native long dlopen(String file, int flags);

  /** An address; 0: no such symbol. dlsym(3). */
  static native long dlsym(long handle, String symbol);

  /** Fills a {@code Dl_info}; 0: no library holds the address. dladdr(3). */
  static native int dladdr(long address, long info);

  /** The error number of this thread's last call of this class. */
  static int errno() {
    return Native.getLastError();
  }

  /** A zeroed buffer outside the heap, in the machine's byte order; the JDK frees it. */
  static ByteBuffer newBuffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** The address of a direct buffer's first byte; valid while the buffer is reachable. */
  static long address(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  /** Memory that {@link #mmap} gave, as a buffer; it must not be used once it is unmapped. */
  static ByteBuffer buffer(long address, long bytes) {
    return new Pointer(address).getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  /** The size of a page in bytes, or -1 where the C library cannot be called. */
  static long pageSize() {
    return PAGE_SIZE;
  }

  private static Capability link() {
    String fallback = "page faults, resident bytes and system calls stay unknown";
    String system = System.getProperty("os.name", "");
    if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
      return Capability.unavailable("libc", "needs Linux, this is " + system, fallback);
    }
    try {
      if (Native.POINTER_SIZE != Long.BYTES || Native.LONG_SIZE != Long.BYTES) {
        return Capability.unavailable("libc", "needs a 64-bit JVM", fallback);
      }
      register();
      return Capability.available("libc");
    } catch (LinkageError | RuntimeException e) {
      // JNA could not unpack or load its native part, or a libc lacks one of the functions above.
      return Capability.unavailable("libc", "JNA cannot bind the C library: " + e, fallback);
    }
  }

  /**
   * Binds the methods, then closes the library object: the process keeps its C library anyway, and
   * JNA's cleaner thread ends (after 30 s) once no library object is left for it to watch.
   */
  private static void register() {
    try (NativeLibrary process = NativeLibrary.getProcess()) {
      Native.register(LibC.class, process);
    }
  }
}
