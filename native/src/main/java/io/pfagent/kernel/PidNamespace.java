package io.pfagent.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The namespace in which this process sees thread ids, see pid_namespaces(7): a container has one
 * of its own.
 *
 * @param device the kernel's number of the file system that the namespace is a file of
 * @param inode the file's
 */
record PidNamespace(long device, long inode) {

  /** {@code PID_NS_INIT_INO} of include/uapi/linux/nsfs.h. */
  private static final long INITIAL_INODE = 0xEFFFFFFCL;

  /** That of this process. */
  static PidNamespace ofThisProcess() throws IOException {
    Map<String, Object> file = Files.readAttributes(Path.of("/proc/self/ns/pid"), "unix:dev,ino");
    return new PidNamespace(kernelDevice((long) file.get("dev")), (long) file.get("ino"));
  }

  /** Whether thread ids here are the kernel's own. */
  boolean isInitial() {
    return inode == INITIAL_INODE;
  }

  /**
   * The number that the kernel itself uses, {@code MKDEV} of include/linux/kdev_t.h, for one that
   * stat(2) gives, {@code new_encode_dev} there.
   */
  static long kernelDevice(long encoded) {
    long major = encoded >> 8 & 0xfff;
    long minor = (encoded & 0xff) | (encoded >> 12 & 0xfff00);
    return major << 20 | minor;
  }
}
