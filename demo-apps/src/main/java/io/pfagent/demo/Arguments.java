package io.pfagent.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Positional arguments, taken from left to right. An argument that is not there has its default; a
 * wrong one is a {@link DemoException} that names the argument, the value and what would be right.
 */
final class Arguments {

  static final int KILO = 1 << 10;
  static final int MEGA = 1 << 20;
  static final int GIGA = 1 << 30;

  private static final int MIN_SIZE = 64 * KILO;
  private static final int MAX_SIZE = GIGA;
  private static final int MAX_COUNT = 1_000_000;
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,10})([kmg]?)");

  private final Queue<String> values;

  Arguments(String... values) {
    this.values = new ArrayDeque<>(List.of(values));
  }

  /** Takes a size in bytes, 64k to 1g, written as a number with an optional k, m or g. */
  int size(String name, int defaultBytes) throws DemoException {
    return size(name, defaultBytes, MIN_SIZE);
  }

  /** Takes a size in bytes, {@code minBytes} to 1g, written as {@link #size(String, int)} is. */
  int size(String name, int defaultBytes, int minBytes) throws DemoException {
    String value = values.poll();
    if (value == null) {
      return defaultBytes;
    }
    Matcher number = NUMBER.matcher(value.toLowerCase(Locale.ROOT));
    if (!number.matches()) {
      throw wrong(name, value, "a size such as 65536, 64k, 16m or 1g");
    }
    long unit =
        switch (number.group(2)) {
          case "k" -> KILO;
          case "m" -> MEGA;
          case "g" -> GIGA;
          default -> 1;
        };
    long bytes = Long.parseLong(number.group(1)) * unit;
    if (bytes < minBytes || bytes > MAX_SIZE) {
      throw wrong(name, value, "between %d and %d bytes".formatted(minBytes, MAX_SIZE));
    }
    return (int) bytes;
  }

  /** Takes a count, 1 to 1000000. */
  int count(String name, int defaultCount) throws DemoException {
    String value = values.poll();
    if (value == null) {
      return defaultCount;
    }
    if (!value.matches("\\d{1,7}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > MAX_COUNT) {
      throw wrong(name, value, "a number between 1 and " + MAX_COUNT);
    }
    return Integer.parseInt(value);
  }

  /** Takes the path of a file that does not exist yet, in a directory that does. */
  Optional<Path> newFile(String name) throws DemoException {
    String value = values.poll();
    if (value == null) {
      return Optional.empty();
    }
    Path file = Path.of(value);
    if (Files.exists(file)) {
      throw wrong(name, value, "a file that does not exist yet");
    }
    if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
      throw wrong(name, value, "in a directory that exists");
    }
    return Optional.of(file);
  }

  /** Takes all that is left. */
  List<String> rest() {
    List<String> rest = new ArrayList<>(values);
    values.clear();
    return rest;
  }

  /** Ends the list: anything left is one argument too many. */
  void end() throws DemoException {
    if (!values.isEmpty()) {
      throw DemoException.wrongUsage(
          "unexpected argument '%s'; --help lists the arguments".formatted(values.peek()));
    }
  }

  private static DemoException wrong(String name, String value, String right) {
    return DemoException.wrongUsage("%s must be %s, not '%s'".formatted(name, right, value));
  }
}
