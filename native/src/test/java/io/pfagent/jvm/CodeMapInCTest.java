package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Compiles codemap_test.c and runs it, plainly and under the sanitizers that gcc has here. */
@EnabledOnOs(OS.LINUX)
final class CodeMapInCTest {

  private static final Path MAIN = Path.of("src/main/c");
  private static final Path TEST = Path.of("src/test/c");

  @TempDir private Path directory;

  @Test
  void passes() throws Exception {
    assertThat(compile("-O2")).as("gcc compiles it").isTrue();
    assertPasses();
  }

  @Test
  void passesUnderTheAddressSanitizer() throws Exception {
    assumeTrue(
        compile("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
        "gcc has no address sanitizer here (Debian: libasan)");
    assertPasses();
  }

  @Test
  void passesUnderTheThreadSanitizer() throws Exception {
    assumeTrue(
        compile("-O1", "-fsanitize=thread"), "gcc has no thread sanitizer here (Debian: libtsan)");
    assertPasses();
  }

  private boolean compile(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-D_GNU_SOURCE", "-g"));
    command.addAll(List.of(options));
    command.addAll(List.of("-Wall", "-Wextra", "-Werror", "-pthread", "-I" + MAIN));
    command.add(TEST.resolve("codemap_test.c").toString());
    for (String part : List.of("codemap", "codemap_entry", "codemap_index", "codemap_methods")) {
      command.add(MAIN.resolve(part + ".c").toString());
    }
    command.addAll(List.of("-o", directory.resolve("codemap_test").toString()));
    return run(command).isEmpty();
  }

  private void assertPasses() throws Exception {
    assertThat(run(List.of(directory.resolve("codemap_test").toString()))).isEqualTo("passed\n");
  }

  /** What it printed; a failure shows itself by that too. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
