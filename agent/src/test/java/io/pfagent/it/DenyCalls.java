package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program without some system calls, as a container does, by a small launcher in C. */
final class DenyCalls {

  /** The kernel's number on this architecture. */
  static final int PERF_EVENT_OPEN = System.getProperty("os.arch").equals("aarch64") ? 241 : 298;

  static final int BPF = System.getProperty("os.arch").equals("aarch64") ? 280 : 321;

  /** The numbers of the kernel patch, see native/kernel/multi_page_alloc.h. */
  static final int HELLO_KERNEL = 548;

  static final int MULTI_PAGE_ALLOC = 549;

  private DenyCalls() {}

  /**
   * What to put in front of a command.
   *
   * @param action {@code errno}: the calls fail with EPERM; {@code kill}: they end the process
   */
  static String[] command(Path folder, String action, int... numbers)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher(folder), action));
    for (int number : numbers) {
      command.add(Integer.toString(number));
    }
    command.add("--");
    return command.toArray(String[]::new);
  }

  private static String launcher(Path folder) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "skipped: gcc is not installed");
    String launcher = folder.resolve("deny").toString();
    Path source = ForkedJvm.ROOT.resolve("agent/src/test/c/deny.c");
    Process gcc =
        new ProcessBuilder("gcc", "-Wall", "-Wextra", "-Werror", "-o", launcher, source.toString())
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).isZero();
    return launcher;
  }
}
