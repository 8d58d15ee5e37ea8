package io.pfagent.kernel;

import java.util.Optional;

/**
 * Numbers of the system calls that not every C library wraps. Only these differ by architecture:
 * arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
 */
record SystemCallNumbers(long perfEventOpen, long gettid, long getdents64, long bpf) {

  static final SystemCallNumbers X86_64 = new SystemCallNumbers(298, 186, 217, 321);
  static final SystemCallNumbers AARCH64 = new SystemCallNumbers(241, 178, 61, 280);

  /** The numbers of the architecture that this JVM runs on, if it is in the table. */
  static Optional<SystemCallNumbers> ofThisMachine() {
    return of(System.getProperty("os.arch", ""));
  }

  static Optional<SystemCallNumbers> of(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }
}
