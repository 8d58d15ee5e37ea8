package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the stacks of this process's threads are: the stack pointer of each thread that waits in
 * the kernel, from {@code /proc/self/task/TID/syscall}, see proc_pid_syscall(5). A thread that runs
 * has none to tell; it waits sooner or later.
 */
public final class StackPointers {

  private StackPointers() {}

  /** Stack pointers of the threads that wait now; empty where the kernel doesn't tell. */
  public static List<Long> read() {
    List<Long> pointers = new ArrayList<>();
    String[] tids = Path.of("/proc/self/task").toFile().list();
    if (tids == null) {
      return pointers;
    }
    for (String tid : tids) {
      SmallFile.read(Path.of("/proc/self/task", tid, "syscall"))
          .flatMap(StackPointers::parse)
          .ifPresent(pointers::add);
    }
    return pointers;
  }

  /** The last but one word; {@code running} has none. */
  static Optional<Long> parse(String line) {
    String[] words = line.strip().split(" ", -1);
    if (words.length < 3 || !words[words.length - 2].startsWith("0x")) {
      return Optional.empty();
    }
    long pointer = Long.parseUnsignedLong(words[words.length - 2].substring(2), 16);
    return pointer == 0 ? Optional.empty() : Optional.of(pointer);
  }
}
