package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One thread's system calls that read or write, from {@code /proc/self/task/TID/io}, see
 * proc_pid_io(5). The file is absent from kernels without CONFIG_TASK_IO_ACCOUNTING.
 *
 * @param readCalls {@code syscr}: read(), pread() and their like
 * @param writeCalls {@code syscw}: write(), pwrite() and their like
 */
public record TaskIo(long readCalls, long writeCalls) {

  static Optional<TaskIo> parse(ByteBuffer text) {
    long readCalls = AsciiText.valueOf(text, "syscr:");
    long writeCalls = AsciiText.valueOf(text, "syscw:");
    return readCalls < 0 || writeCalls < 0
        ? Optional.empty()
        : Optional.of(new TaskIo(readCalls, writeCalls));
  }
}
