package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Runs a main class of the tests in a JVM of its own, with this JVM's class path. */
public final class ForkedJvm {

  private final Path home;
  private final List<String> options = new ArrayList<>();
  private final List<String> launcher = new ArrayList<>();
  private String classPath = System.getProperty("java.class.path");

  private ForkedJvm(Path home) {
    this.home = home;
  }

  public static ForkedJvm of(Path home) {
    return new ForkedJvm(home);
  }

  public static ForkedJvm ofThisHome() {
    return of(Path.of(System.getProperty("java.home")));
  }

  /** JDKs of version 17 and later that lie where JDKs usually lie, this one first. */
  public static List<Path> homes() throws IOException {
    Path own = Path.of(System.getProperty("java.home")).toRealPath();
    Set<Path> homes = new LinkedHashSet<>(List.of(own));
    String user = System.getProperty("user.home");
    for (Path parent :
        List.of(
            Objects.requireNonNullElse(own.getParent(), own),
            Path.of("/usr/lib/jvm"),
            Path.of("/opt/java"),
            Path.of(user, ".sdkman/candidates/java"),
            Path.of(user, ".jdks"))) {
      if (Files.isDirectory(parent)) {
        try (Stream<Path> children = Files.list(parent)) {
          for (Path child : children.sorted().toList()) {
            if (Files.isExecutable(child.resolve("bin/java")) && feature(child) >= 17) {
              homes.add(child.toRealPath());
            }
          }
        }
      }
    }
    return List.copyOf(homes);
  }

  /** The feature version in a JDK's release file, or 0. */
  public static int feature(Path home) {
    String key = "JAVA_VERSION=\"";
    return SmallFile.read(home.resolve("release")).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length(), line.length() - 1))
        .mapToInt(version -> Runtime.Version.parse(version).feature())
        .findFirst()
        .orElse(0);
  }

  public ForkedJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Has another program start the JVM, by what is appended to its arguments. */
  public ForkedJvm under(String... program) {
    launcher.addAll(List.of(program));
    return this;
  }

  /** Leaves entries out of the class path. */
  ForkedJvm without(String jarPrefix) {
    classPath =
        Stream.of(classPath.split(File.pathSeparator, -1))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(jarPrefix))
            .reduce((left, right) -> left + File.pathSeparator + right)
            .orElse("");
    return this;
  }

  /** What the program prints; fails the test unless it exits with 0. */
  public String run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(launcher);
    command.add(home.resolve("bin/java").toString());
    if (feature(home) >= 24) { // JNA's System.load warns from then on
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
    return output;
  }
}
