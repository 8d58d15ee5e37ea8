package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.kernel.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs(OS.LINUX)
final class JvmLayoutTest {

  static List<Path> homes() throws IOException {
    return ForkedJvm.homes();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void collectorsWithAReservedHeapOn(Path home) throws Exception {
    for (String collector : List.of("Serial", "Parallel", "G1")) {
      String output = jvm(home).option("-XX:+Use" + collector + "GC").run(LayoutProcess.class);

      assertThat(output)
          .as(collector)
          .contains("java-heap " + (64L << 20))
          .contains("interpreter inside")
          .contains("archive mapped")
          .doesNotContain("code-cache 0\n", "cds-archive 0\n");
    }
  }

  @ParameterizedTest
  @MethodSource("homes")
  void zgcTellsNoHeapOn(Path home) throws Exception {
    assertThat(jvm(home).option("-XX:+UseZGC").run(LayoutProcess.class))
        .contains("java-heap 0\n")
        .contains("interpreter inside")
        .doesNotContain("code-cache 0\n");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void aJvmThatTracksItsMemoryTellsWhatTheCollectorNeedsOn(Path home) throws Exception {
    String output =
        jvm(home)
            .option("-XX:+UseG1GC")
            .option("-XX:NativeMemoryTracking=detail")
            .run(LayoutProcess.class);

    assertThat(output)
        .contains("tracked Java Heap " + (64L << 20), "tracked GC ", "tracked Code ")
        .contains("java-heap " + (64L << 20));
  }

  @ParameterizedTest
  @MethodSource("homes")
  void withoutASharedArchiveThereIsNoneOn(Path home) throws Exception {
    assertThat(jvm(home).option("-Xshare:off").run(LayoutProcess.class))
        .contains("cds-archive 0\n");
  }

  @Test
  void aRangeHasItsStartAndNotItsEnd() {
    AddressRange range = new AddressRange(16, 32);

    assertThat(range.contains(15)).isFalse();
    assertThat(range.contains(16)).isTrue();
    assertThat(range.contains(31)).isTrue();
    assertThat(range.contains(32)).isFalse();
    assertThat(range.size()).isEqualTo(16);
  }

  private static ForkedJvm jvm(Path home) {
    return ForkedJvm.of(home).option("-Xmx64m").option("-Xms64m");
  }
}
