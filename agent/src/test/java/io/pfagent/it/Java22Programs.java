package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Test programs that need newer classes of the JDK than the build has: compiled by that JDK. */
final class Java22Programs {

  private static final Path SOURCES = ForkedJvm.ROOT.resolve("agent/src/test/java22");

  private Java22Programs() {}

  /** The folder of the classes. */
  static Path compile(Jdk jdk, Path folder) throws IOException, InterruptedException {
    Path classes = folder.resolve("java22");
    List<String> command = new ArrayList<>();
    command.add(jdk.tool("javac"));
    command.addAll(List.of("-d", classes.toString()));
    command.addAll(List.of("-cp", ForkedJvm.ROOT.resolve("agent/target/test-classes").toString()));
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(command::add);
    }
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(javac.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(javac.waitFor()).as(output).isZero();
    return classes;
  }
}
