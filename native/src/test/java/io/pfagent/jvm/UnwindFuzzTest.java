package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.ForkedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Walks changed samples of a picture of a JVM, under the address sanitizer, for some seconds. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class UnwindFuzzTest {

  private static final Path MAIN = Path.of("src/main/c");
  private static final Path TEST = Path.of("src/test/c");
  private static final String SECONDS = "5";
  private static final String SEED = "1";

  @TempDir private Path directory;

  @Test
  void noChangeOfRegistersOrStackMakesAWalkFault() throws Exception {
    String denial = FaultRing.denial();
    assumeTrue(denial.isEmpty(), denial);
    Path fuzz = directory.resolve("unwind_fuzz");
    String sanitized =
        compile(
            "unwind_fuzz.c",
            fuzz,
            "-O1",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all");
    assumeTrue(
        sanitized.isEmpty(), "gcc has no address sanitizer here (Debian: libasan): " + sanitized);
    Path home = Path.of(System.getProperty("java.home"));
    Path library = directory.resolve("libpicture.so");
    String compiled =
        compile(
            "unwind_picture.c",
            library,
            "-O2",
            "-fPIC",
            "-shared",
            "-I" + home.resolve("include"),
            "-I" + home.resolve("include/linux"));
    assertThat(compiled).isEmpty();
    Path picture = directory.resolve("picture");
    assertThat(
            ForkedJvm.of(home)
                .option("-Xmx256m")
                .run(PictureProcess.class, library.toString(), picture.toString()))
        .contains("written");

    assertThat(run(List.of(fuzz.toString(), picture.toString(), SECONDS, SEED)))
        .endsWith("passed\n");
  }

  private String compile(String source, Path target, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-D_GNU_SOURCE", "-g"));
    command.addAll(List.of(options));
    command.addAll(List.of("-I" + MAIN, "-I" + TEST, "-o", target.toString()));
    command.add(TEST.resolve(source).toString());
    try (Stream<Path> sources = Files.list(MAIN)) {
      sources
          .map(Path::toString)
          .filter(name -> name.contains("/unwind_") && name.endsWith(".c"))
          .forEach(command::add);
    }
    return run(command);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
