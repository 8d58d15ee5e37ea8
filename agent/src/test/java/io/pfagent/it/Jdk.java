package io.pfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK of this machine: the one that runs the build, those beside it, and where people keep
 * theirs.
 *
 * @param home its folder
 * @param feature 17, 25, ...
 */
record Jdk(Path home, int feature) {

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

  /** One for each version from 17 on; always at least the one that runs this. */
  static List<Jdk> all() {
    Map<Integer, Jdk> found = new TreeMap<>();
    Path own = Path.of(System.getProperty("java.home"));
    List<Path> homes = new ArrayList<>(List.of(own));
    homes.addAll(children(own.getParent()));
    homes.addAll(children(Path.of("/usr/lib/jvm")));
    homes.addAll(children(Path.of("/opt")));
    homes.addAll(children(Path.of(System.getProperty("user.home"), ".sdkman/candidates/java")));
    homes.addAll(children(Path.of(System.getProperty("user.home"), ".jdks")));
    for (Path home : homes) {
      int feature = feature(home);
      if (feature >= 17 && Files.isExecutable(home.resolve("bin/javac"))) {
        found.putIfAbsent(feature, new Jdk(home, feature));
      }
    }
    return List.copyOf(found.values());
  }

  /** Those with {@code java.lang.foreign}. */
  static List<Jdk> withArenas() {
    return all().stream().filter(jdk -> jdk.feature() >= 22).toList();
  }

  String tool(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private static int feature(Path home) {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException none) {
      return 0;
    }
  }

  private static List<Path> children(Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public String toString() {
    return "JDK " + feature;
  }
}
