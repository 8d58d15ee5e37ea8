package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The system call bpf(2), as far as a program on a perf event and the array that it shares with
 * this process need it. Both end when the last descriptor of theirs is closed.
 */
final class Bpf {

  private static final int BPF_MAP_CREATE = 0;
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_MAP_TYPE_ARRAY = 2;
  private static final int BPF_PROG_TYPE_PERF_EVENT = 7;
  private static final int BPF_F_MMAPABLE = 1 << 10;

  // union bpf_attr of include/uapi/linux/bpf.h, for the one command and for the other.
  private static final int ATTR_BYTES = 64;
  private static final int MAP_KEY_SIZE = 4;
  private static final int MAP_VALUE_SIZE = 8;
  private static final int MAP_MAX_ENTRIES = 12;
  private static final int MAP_FLAGS = 16;
  private static final int MAP_NAME = 28;
  private static final int PROG_INSN_CNT = 4;
  private static final int PROG_INSNS = 8;
  private static final int PROG_LICENSE = 16;
  private static final int PROG_NAME = 48;

  private static final String LICENSE = "Apache-2.0";

  private Bpf() {}

  /**
   * An array of one value, which can be mapped (Linux 5.5).
   *
   * @param name for who lists what is loaded, 15 characters at most
   * @return its descriptor
   */
  static int createArray(String name, int valueBytes) throws DeniedException {
    ByteBuffer attr =
        LibC.newBuffer(ATTR_BYTES)
            .putInt(0, BPF_MAP_TYPE_ARRAY)
            .putInt(MAP_KEY_SIZE, Integer.BYTES)
            .putInt(MAP_VALUE_SIZE, valueBytes)
            .putInt(MAP_MAX_ENTRIES, 1)
            .putInt(MAP_FLAGS, BPF_F_MMAPABLE)
            .put(MAP_NAME, ascii(name));
    return bpf(BPF_MAP_CREATE, attr);
  }

  /**
   * Has the kernel check and translate a program for perf events.
   *
   * @param name as above
   * @return its descriptor
   */
  static int loadProgram(String name, BpfCode code) throws DeniedException {
    ByteBuffer instructions = code.instructions();
    ByteBuffer license = LibC.newBuffer(LICENSE.length() + 1).put(0, ascii(LICENSE));
    ByteBuffer attr =
        LibC.newBuffer(ATTR_BYTES)
            .putInt(0, BPF_PROG_TYPE_PERF_EVENT)
            .putInt(PROG_INSN_CNT, instructions.position() / BpfCode.BYTES)
            .putLong(PROG_INSNS, LibC.address(instructions))
            .putLong(PROG_LICENSE, LibC.address(license))
            .put(PROG_NAME, ascii(name));
    return bpf(BPF_PROG_LOAD, attr);
  }

  private static int bpf(int command, ByteBuffer attr) throws DeniedException {
    long number =
        SystemCallNumbers.ofThisMachine()
            .orElseThrow(() -> new DeniedException("no system call numbers for this architecture"))
            .bpf();
    int fd = (int) LibC.syscall(number, command, LibC.address(attr), ATTR_BYTES);
    if (fd < 0) {
      int errno = LibC.errno();
      String status = SmallFile.read(Path.of("/proc/self/status")).orElse("");
      throw new DeniedException(reason(errno, PerfDenial.hasSeccompFilter(status)));
    }
    return fd;
  }

  /**
   * The reason for a person, with what would change it.
   *
   * @param isFiltered whether a seccomp filter is on this process
   */
  static String reason(int errno, boolean isFiltered) {
    String call = "bpf: " + Errno.name(errno) + "; ";
    return call
        + switch (errno) {
          case Errno.EPERM ->
              "grant CAP_BPF and CAP_PERFMON"
                  + (isFiltered ? "; the seccomp filter must allow bpf, too" : "");
          case Errno.ENOSYS ->
              isFiltered
                  ? "a seccomp filter denies it; allow bpf in the container's profile"
                  : "the kernel has no BPF (CONFIG_BPF_SYSCALL)";
          case Errno.EMFILE, Errno.ENFILE ->
              "no file descriptor is left; raise the limit with ulimit -n";
          default -> "the kernel refuses the program; it takes Linux 5.12 or later";
        };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
