package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a setting for regions doesn't reach: the Java heap, thread stacks and other processes take
 * as many faults as without it. All counts are the kernel's own, by process.
 */
class ReachIT {

  private static final int MB = 1 << 20;
  private static final int PAGES_OF_64_MB = 64 * MB / 4096;

  @TempDir Path folder;

  private final HugePageSize size = HugePageSize.of(128);

  static List<Arguments> settings() {
    List<Arguments> settings = new ArrayList<>();
    for (Jdk jdk : Jdk.all()) {
      settings.add(Arguments.of(jdk, "prealloc=512,backend=thp"));
      settings.add(Arguments.of(jdk, "prealloc=32,backend=mthp,system-writes=true"));
    }
    return settings;
  }

  @AfterEach
  void restore() throws Exception {
    size.restore();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void heapStacksAndOtherProcessesKeepTheirPages(Jdk jdk, String setting) throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
    if (setting.contains("mthp")) {
      size.assumeFree();
    }
    try (RunningJvm with = start(jdk, setting, "with");
        RunningJvm without = start(jdk, "prealloc=off", "without");
        RunningJvm other = start(jdk, null, "other")) {
      assertThat(faults(with, "allocate " + 64 * MB)).isLessThan(PAGES_OF_64_MB / 4);
      assertThat(faults(without, "allocate " + 64 * MB)).isGreaterThan(PAGES_OF_64_MB);

      // One that doesn't advise, while the size may be on for all who do.
      assertThat(faults(other, "allocate " + 64 * MB)).isGreaterThan(PAGES_OF_64_MB);
      assertSame(with, without, "heap " + 128 * MB);
      assertSame(with, without, "recurse");
    }
  }

  private static void assertSame(RunningJvm with, RunningJvm without, String command)
      throws Exception {
    long expected = faults(without, command);
    assertThat(expected).as(command).isGreaterThan(1000);
    assertThat(faults(with, command)).as(command).isCloseTo(expected, withinPercentage(15));
  }

  private static long faults(RunningJvm jvm, String command) throws Exception {
    long before = faults(jvm);
    jvm.tell(command);
    return faults(jvm) - before;
  }

  /** Minor faults of a process, field 10 of proc_pid_stat(5). */
  private static long faults(RunningJvm jvm) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + jvm.pid() + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
  }

  private RunningJvm start(Jdk jdk, String options, String name) throws Exception {
    ForkedJvm jvm =
        new ForkedJvm(jdk)
            .jvm("-Xms512m", "-Xmx512m", "-Xmn64m", "-XX:+UseSerialGC")
            // Frames of the same size in all of them.
            .jvm("-XX:CompileCommand=quiet", "-XX:CompileCommand=exclude,*Obedient::recurse");
    if (options != null) {
      jvm.agent(options);
    }
    return RunningJvm.start(jvm, Files.createDirectory(folder.resolve(name)));
  }
}
