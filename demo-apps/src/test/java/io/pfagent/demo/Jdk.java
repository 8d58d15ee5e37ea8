package io.pfagent.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK to run the demos on.
 *
 * @param feature the feature number of its version, such as 17
 */
record Jdk(int feature, Path home) {

  private static final int OLDEST = 17;

  /** The feature number in a line such as JAVA_VERSION="17.0.15" of the file "release". */
  private static final Pattern VERSION = Pattern.compile("\"?(\\d+)");

  /** The JDK of this JVM. */
  static Jdk current() {
    return new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
  }

  /**
   * The JDK of this JVM and one of each other version that is installed beside it or named by an
   * environment variable JAVA_HOME_..., oldest first.
   */
  static Stream<Jdk> all() {
    TreeMap<Integer, Jdk> found = new TreeMap<>();
    found.put(current().feature, current());
    candidates()
        .flatMap(home -> at(home).stream())
        .filter(jdk -> jdk.feature >= OLDEST)
        .forEach(jdk -> found.putIfAbsent(jdk.feature, jdk));
    return found.values().stream();
  }

  /** The newest of {@link #all()} that has at least this version. */
  static Optional<Jdk> atLeast(int feature) {
    return all().filter(jdk -> jdk.feature >= feature).reduce((older, newer) -> newer);
  }

  Path tool(String name) {
    return home.resolve("bin").resolve(name);
  }

  @Override
  public String toString() {
    return "JDK " + feature;
  }

  private static Stream<Path> candidates() {
    Stream<Path> named =
        System.getenv().entrySet().stream()
            .filter(variable -> variable.getKey().startsWith("JAVA_HOME_"))
            .map(variable -> Path.of(variable.getValue()));
    Path beside = current().home.getParent();
    try (Stream<Path> siblings = Files.list(beside)) {
      return Stream.concat(named, siblings.sorted().toList().stream());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for JDKs in " + beside, e);
    }
  }

  private static Optional<Jdk> at(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/javac")) || !Files.isReadable(release)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(release)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + release, e);
    }
    Matcher version = VERSION.matcher(properties.getProperty("JAVA_VERSION", ""));
    return version.lookingAt()
        ? Optional.of(new Jdk(Integer.parseInt(version.group(1)), home))
        : Optional.empty();
  }
}
