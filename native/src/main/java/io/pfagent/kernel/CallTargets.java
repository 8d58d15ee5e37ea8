package io.pfagent.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.OptionalLong;

/**
 * Functions of the C library that only a calibration calls. Apart from {@link LibC}, so that no
 * agent binds them at its start. Ask {@link LibC#AVAILABLE} first.
 */
final class CallTargets {

  /** The patch in native/kernel; an instance of {@link MultiPageAlloc} shows that it is there. */
  static final long HELLO_KERNEL = 548;

  static {
    try (NativeLibrary process = NativeLibrary.getProcess()) {
      Native.register(CallTargets.class, process);
    }
  }

  private CallTargets() {}

  /** The absolute value: as little as a function can do. labs(3). */
  static native long labs(long number);

  /** A system call without arguments; -1: ENOSYS, EPERM (seccomp). syscall(2). */
  static native long syscall(long number);

  /**
   * The number of getpid: the C library's own function remembers the id in glibc before 2.25
   * (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
   */
  static OptionalLong getpidNumber(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> OptionalLong.of(39);
      case "aarch64" -> OptionalLong.of(172);
      default -> OptionalLong.empty();
    };
  }
}
