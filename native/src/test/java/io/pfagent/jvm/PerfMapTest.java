package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs(OS.LINUX)
final class PerfMapTest {

  static List<Path> homes() throws IOException {
    return ForkedJvm.homes();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void perfReadsItOn(Path home, @TempDir Path directory) throws Exception {
    String data = directory.resolve("perf.data").toString();
    String[] perf = {"perf", "record", "--quiet", "-e", "cpu-clock:u", "-o", data};
    assumeTrue(
        succeeds("perf", "record", "--quiet", "-e", "cpu-clock:u", "-o", data, "true"),
        "perf is not here, or may not record: its report is not tried");
    String output = ForkedJvm.of(home).under(perf).run(SpinProcess.class);
    Path map =
        Path.of(output.lines().filter(line -> line.startsWith("/tmp/perf-")).findFirst().get());
    try {
      assertThat(Files.getPosixFilePermissions(map))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      String report = output("perf", "report", "--stdio", "--percent-limit", "5", "-i", data);

      assertThat(report)
          .containsPattern("\\d+% .*Lio/pfagent/jvm/SpinProcess;::spin")
          .doesNotContainPattern("\\d+% .*\\[\\.\\] 0x0000");
    } finally {
      Files.delete(map);
    }
  }

  @Test
  void holdsMethodsAndStubsAndTheInterpreter(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("perf.map");
    Files.writeString(file, "what an earlier process left");
    try (CodeMap map = CodeMap.load()) {
      map.startPerfMap(file);
      assertThatThrownBy(() -> map.startPerfMap(directory.resolve("second")))
          .isInstanceOf(IOException.class);
      map.stopPerfMap();

      List<String> lines = Files.readAllLines(file);
      assertThat(lines).allMatch(line -> line.matches("[0-9a-f]+ [0-9a-f]+ .+"));
      assertThat(at(map, lines, " Interpreter")).isEqualTo("INTERPRETED Interpreter -1");
      assertThat(at(map, lines, " call_stub")).isEqualTo("STUB call_stub -1");
      assertThat(lines).anyMatch(line -> line.endsWith(" Ljava/lang/String;::hashCode"));
    }
  }

  @Test
  void followsNoLinkAndWritesToNothingElse(@TempDir Path directory) throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "kept");
    Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
    try (CodeMap map = CodeMap.load()) {
      for (Path refused :
          List.of(link, directory, directory.resolve("no/such"), Path.of("/dev/null"))) {
        assertThatThrownBy(() -> map.startPerfMap(refused))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(refused.toString());
      }
    }
    assertThat(precious).hasContent("kept");
  }

  /** What the code map finds at the start of a line's code. */
  private static String at(CodeMap map, List<String> lines, String end) {
    String line = lines.stream().filter(each -> each.endsWith(end)).findFirst().orElseThrow();
    JavaFrames frames = new JavaFrames(2);
    long pc = Long.parseLong(line.substring(0, line.indexOf(' ')), 16);
    assertThat(map.frames(pc, PcKind.CURRENT, System.nanoTime(), frames)).isEqualTo(1);
    MethodName name = map.method(frames.method(0));
    assertThat(name.className()).isEmpty();
    return frames.type(0) + " " + name.methodName() + " " + frames.line(0);
  }

  private static boolean succeeds(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
