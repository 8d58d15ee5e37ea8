package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs(OS.LINUX)
final class CodeMapTest {

  private static final int CHURN_LOADERS = 1500;
  private static final long SMALL_BYTES = 100_000;

  static List<Path> homes() throws IOException {
    return ForkedJvm.homes();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void tellsInlinedFramesAsThrowableDoesOn(Path home) throws Exception {
    for (String compiler : List.of("-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation")) {
      String output =
          ForkedJvm.of(home)
              .option("-Xbatch")
              .option(compiler)
              .option("-Xcheck:jni")
              .run(InlinedProcess.class);

      assertThat(output).contains("inlined as Throwable says").doesNotContain("in native method");
    }
  }

  @ParameterizedTest
  @MethodSource("homes")
  void survivesChurnWithinBoundsOn(Path home) throws Exception {
    String output =
        ForkedJvm.of(home)
            .option("-Xbatch")
            .option("-Xmx64m")
            .option("-XX:ReservedCodeCacheSize=8m")
            .run(ChurnProcess.class, String.valueOf(CHURN_LOADERS));

    Matcher counts =
        Pattern.compile("loads (\\d+), unloads (\\d+), dropped 0, bytes (\\d+), found (\\d+)")
            .matcher(output);
    assertThat(output).startsWith("holds what the JVM has\n");
    assertThat(counts.find()).as(output).isTrue();
    assertThat(Long.parseLong(counts.group(1))).as(output).isGreaterThan(CHURN_LOADERS);
    assertThat(Long.parseLong(counts.group(2))).as(output).isGreaterThan(CHURN_LOADERS / 2);
    assertThat(Long.parseLong(counts.group(3))).as(output).isLessThan(8 << 20);
    assertThat(Long.parseLong(counts.group(4))).as(output).isPositive();
  }

  @Test
  void keepsToItsMemory() {
    try (CodeMap map = CodeMap.load(SMALL_BYTES)) {
      CodeCounts counts = map.counts();
      assertThat(counts.bytes()).isBetween(SMALL_BYTES / 2, SMALL_BYTES);
      assertThat(counts.dropped() + counts.withoutInlining()).isPositive();
    }
  }

  @Test
  void framesThatDoNotFitAreLeftOut() {
    try (CodeMap map = CodeMap.load()) {
      JavaFrames none = new JavaFrames(0);
      JvmLayout.read()
          .codeCache()
          .ifPresent(
              code -> {
                for (long pc = code.start(); pc < code.end(); pc += 4096) {
                  assertThat(map.frames(pc, PcKind.CURRENT, System.nanoTime(), none)).isZero();
                }
              });
    }
  }

  @Test
  void anotherProcessorHasTheFallback() throws Exception {
    for (Path home : homes()) {
      String output = ForkedJvm.of(home).option("-Dos.arch=vax").run(UnavailableProcess.class);

      assertThat(output)
          .startsWith("CompilerPerfmap\n")
          .contains("name=code-map, available=false, reason=libpfagent.so was not built for")
          .contains("name=compiler-perfmap, available=true")
          .contains("className=java.lang.String, methodName=hashCode, descriptor=()I")
          .contains("COMPILED\ncounted");
    }
  }

  @Test
  void aTemporaryDirectoryThatIsNotThere() throws Exception {
    String output =
        ForkedJvm.ofThisHome()
            .option("-Djava.io.tmpdir=/nowhere")
            .option("-Djna.tmpdir=" + System.getProperty("java.io.tmpdir"))
            .run(UnavailableProcess.class);

    assertThat(output)
        .contains("name=code-map, available=false, reason=libpfagent.so cannot be unpacked")
        .contains("-Djava.io.tmpdir");
  }

  @Test
  void aTemporaryDirectoryMountedNoexec(@TempDir Path directory) throws Exception {
    String mount = "mount -t tmpfs -o noexec none '" + directory + "' && exec \"$@\"";
    String[] launcher = {"unshare", "--mount", "sh", "-c", mount, "sh"};
    assumeTrue(runs("unshare", "--mount", "true"), "unshare --mount is denied: not tried");
    String output =
        ForkedJvm.ofThisHome()
            .under(launcher)
            .option("-Djava.io.tmpdir=" + directory)
            .run(UnavailableProcess.class);

    assertThat(output)
        .contains("name=code-map, available=false, reason=libpfagent.so cannot be loaded")
        .contains("noexec");
  }

  @Test
  void withoutTheModulesOfManagementNothingIsFound() throws Exception {
    String output =
        ForkedJvm.ofThisHome()
            .option("-Dos.arch=vax")
            .option("--limit-modules=java.base,java.logging")
            .run(UnavailableProcess.class);

    assertThat(output).contains("name=compiler-perfmap, available=false");
  }

  @Test
  void nothingIsLeftInTheTemporaryDirectory(@TempDir Path directory) throws Exception {
    ForkedJvm.ofThisHome()
        .option("-Djava.io.tmpdir=" + directory)
        .option("-Djna.tmpdir=" + System.getProperty("java.io.tmpdir"))
        .run(UnavailableProcess.class);

    assertThat(directory.resolve("hsperfdata")).doesNotExist();
    try (var files = Files.list(directory)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("pfagent")))
          .isEmpty();
    }
  }

  private static boolean runs(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }
}
