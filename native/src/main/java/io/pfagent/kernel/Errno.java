package io.pfagent.kernel;

/**
 * Error numbers that this package meets, the same on x86-64 and aarch64
 * (include/uapi/asm-generic/errno-base.h and errno.h).
 */
final class Errno {

  static final int EPERM = 1;
  static final int ESRCH = 3;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ENOSYS = 38;

  private Errno() {}

  /** The symbolic name of an error number, or {@code errno N} for one without a name here. */
  static String name(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM";
      case 2 -> "ENOENT";
      case ESRCH -> "ESRCH";
      case 9 -> "EBADF";
      case 12 -> "ENOMEM";
      case EACCES -> "EACCES";
      case 14 -> "EFAULT";
      case 16 -> "EBUSY";
      case 19 -> "ENODEV";
      case EINVAL -> "EINVAL";
      case ENFILE -> "ENFILE";
      case EMFILE -> "EMFILE";
      case 25 -> "ENOTTY";
      case ENOSYS -> "ENOSYS";
      case 95 -> "EOPNOTSUPP";
      default -> "errno " + errno;
    };
  }
}
