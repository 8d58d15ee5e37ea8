package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Advice never hits memory that was freed and given to someone else. */
class AdviceUnderChurnIT {

  private static final int ROUNDS = 100;
  private static final Pattern ANSWER =
      Pattern.compile("taken (\\d+) settings (\\d+) refused (\\d+)\n");

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void memoryOfSomebodyElseIsNeverAdvised(Jdk jdk) throws Exception {
    assumeTrue(HugePageSize.isMadvise(), "skipped: transparent_hugepage/enabled is not madvise");
    ForkedJvm jvm = new ForkedJvm(jdk).agent("zeroing=kernel");
    jvm.classPath(
        Path.of(Native.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
    if (jdk.feature() >= 24) {
      jvm.jvm("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }
    Result result = jvm.run("io.pfagent.app.AdviceUnderChurn", Integer.toString(ROUNDS));

    assertThat(result.exit()).as(result.err()).isZero();
    Matcher answer = ANSWER.matcher(result.out());
    assertThat(answer.matches()).as(result.out()).isTrue();
    assertThat(Integer.parseInt(answer.group(1))).as("addresses taken").isGreaterThan(ROUNDS / 2);
    assertThat(Integer.parseInt(answer.group(2))).as("settings").isPositive();
    assertThat(Integer.parseInt(answer.group(3))).as("refused").isPositive();
    assertThat(result.err()).doesNotContain("internal failure").doesNotContain("Exception");
  }
}
