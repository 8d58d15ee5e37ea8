package io.pfagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.SystemSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A size of huge pages that tests may have switched on for the system, one that nobody uses. */
final class HugePageSize {

  private static final Path FOLDER = Path.of("/sys/kernel/mm/transparent_hugepage");
  private static final Path STATE = Path.of("/run/pfagent/settings");

  private final String name;
  private final Path enabled;

  /** What it was before, once {@link #assumeFree} has looked. */
  private String before;

  private HugePageSize(String name) {
    this.name = name;
    this.enabled = FOLDER.resolve(name).resolve("enabled");
  }

  static HugePageSize of(int kilobytes) {
    return new HugePageSize("hugepages-" + kilobytes + "kB");
  }

  /** Whether advice gives large pages, and nothing else does. */
  static boolean isMadvise() throws IOException {
    Path all = FOLDER.resolve("enabled");
    return Files.exists(all) && Files.readString(all).contains("[madvise]");
  }

  /** Skips the test, saying so, where it can't be switched on or is on already. */
  void assumeFree() throws IOException {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: system-wide settings take root");
    assumeTrue(Files.isWritable(enabled), "skipped: " + enabled + " can't be written here");
    SystemSettings.ofThisMachine().restore(); // what a killed test may have left
    String now = read();
    assumeTrue(now.contains("[never]"), "skipped: " + enabled + " is in use");
    assumeTrue(!isHeld(), "skipped: another JVM holds " + name);
    before = now;
  }

  /** All words, the one in force in brackets. */
  String read() throws IOException {
    return Files.readString(enabled);
  }

  /** What it was at first. */
  String before() {
    return before;
  }

  /** Whether a JVM is noted as wanting it. */
  boolean isHeld() throws IOException {
    return Files.exists(STATE) && Files.readString(STATE).contains(name + "/");
  }

  /** As it was, and no ended process noted as wanting it. */
  void restore() throws IOException {
    if (before != null) {
      SystemSettings.ofThisMachine().restore();
    }
    if (before != null && !read().equals(before)) {
      Files.writeString(enabled, before.substring(before.indexOf('[') + 1, before.indexOf(']')));
    }
  }
}
