package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * JVMs with the classes of this module.
 *
 * @param home folder of the JDK
 * @param feature 17, 25, ...
 */
record ForkedJvm(Path home, int feature) {

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
  private static final long TIMEOUT_SECONDS = 120;

  /** The JDK that runs the tests. */
  static ForkedJvm own() {
    return new ForkedJvm(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /** One for each version from 17 on that is installed beside the one that runs the tests. */
  static List<ForkedJvm> all() throws IOException {
    Map<Integer, ForkedJvm> found = new TreeMap<>();
    found.put(own().feature(), own());
    for (Path folder : List.of(own().home().getParent(), Path.of("/usr/lib/jvm"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> homes = Files.list(folder)) {
          for (Path home : homes.sorted().toList()) {
            int feature = feature(home);
            if (feature >= 17) {
              found.putIfAbsent(feature, new ForkedJvm(home, feature));
            }
          }
        }
      }
    }
    if (found.size() == 1) {
      System.out.println("only " + own() + " was found: not tested with another");
    }
    return List.copyOf(found.values());
  }

  private static int feature(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/jfr"))) {
      return 0;
    }
    Matcher matcher = VERSION.matcher(Files.readString(release));
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Runs a program of the tests to its good end, and gives what it said. */
  String java(List<String> jvmOptions, Class<?> main, Object... arguments) throws Exception {
    return run(javaCommand(jvmOptions, main, arguments));
  }

  /** Runs the JDK's tool {@code jfr} to its good end, and gives what it said. */
  String jfr(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/jfr").toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return run(command);
  }

  List<String> javaCommand(List<String> jvmOptions, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(origin(SampleFile.class) + File.pathSeparator + origin(main));
    command.add(main.getName());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return command;
  }

  static String run(List<String> command) throws Exception {
    Path out = Files.createTempFile("forked", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " did not end: " + Files.readString(out));
      }
      assertThat(process.exitValue()).as("%s: %s", command, Files.readString(out)).isZero();
      return Files.readString(out);
    } finally {
      Files.delete(out);
    }
  }

  private static String origin(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  @Override
  public String toString() {
    return "JDK " + feature;
  }
}
