package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs(OS.LINUX)
final class HotSpotThreadsTest {

  static List<Path> homes() throws IOException {
    return ForkedJvm.homes();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void agreesWithGettidOn(Path home) throws Exception {
    assertThat(probe(ForkedJvm.of(home)).strip()).isEqualTo("matched 20");
  }

  @Test
  void anotherFeatureReleaseIsAtHand() throws IOException {
    long features = homes().stream().mapToInt(ForkedJvm::feature).distinct().count();
    assumeTrue(features > 1, "only one JDK from 17 on is here: the layout is proved on it alone");
    assertThat(features).isGreaterThan(1);
  }

  @Test
  void libjvmIsFoundAmongTheMappedFiles() {
    String maps =
        """
        7f5432200000-7f5432451000 r--p 00000000 fe:00 328261  /opt/my jdk/lib/server/libjvm.so
        7f5432451000-7f54331a4000 r-xp 00251000 fe:00 328261  /opt/my jdk/lib/server/libjvm.so
        7ffd1d5f2000-7ffd1d613000 rw-p 00000000 00:00 0       [stack]
        """;

    assertThat(LibJvm.pathIn(maps)).contains("/opt/my jdk/lib/server/libjvm.so");
    assertThat(LibJvm.pathIn("")).isEmpty();
  }

  private static String probe(ForkedJvm jvm) throws Exception {
    return jvm.option("--add-opens=java.base/java.lang=ALL-UNNAMED").run(OsThreadIdProcess.class);
  }
}
