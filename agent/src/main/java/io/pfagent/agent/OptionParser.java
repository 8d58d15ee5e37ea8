package io.pfagent.agent;

import static java.util.stream.Collectors.joining;

import io.pfagent.agent.Options.JmxAccess;
import io.pfagent.agent.Options.Stacks;
import io.pfagent.chunk.SampleFile;
import io.pfagent.hook.TouchMethod;
import io.pfagent.sample.SamplePeriod;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The grammar of the agent's options, the same at start and at attach: {@code key=value,key=value},
 * sizes with k, m or g, times with ns, us, ms or s.
 */
final class OptionParser {

  private static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "record",
                  "min-size",
                  "touch",
                  "interval",
                  "sample",
                  "stacks",
                  "merge",
                  "samples-max",
                  "perf-map",
                  "jmx"),
              PreallocOptions.KEYS.stream())
          .toList();

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgKMG]?)");
  private static final Pattern TIME = Pattern.compile("(\\d{1,18})(ns|us|ms|s)");
  private static final Pattern TOUCH =
      Pattern.compile("([\\p{javaJavaIdentifierPart}.]+)::([\\p{javaJavaIdentifierPart}*]+)");

  private final Map<String, String> values;

  private OptionParser(Map<String, String> values) {
    this.values = values;
  }

  /**
   * @param text what follows {@code pfagent.jar=}, null or empty for the defaults
   * @throws OptionException if a key is unknown or repeated, or a value malformed
   */
  static Options parse(String text) throws OptionException {
    OptionParser parser = new OptionParser(split(text == null ? "" : text));
    return new Options(
        parser.record(),
        parser.minSize(),
        parser.touch(),
        parser.interval(),
        parser.sample(),
        parser.choice("stacks", Stacks.values(), Stacks.AUTO),
        parser.isAuto("merge"),
        parser.samplesMax(),
        parser.isTrue("perf-map"),
        parser.choice("jmx", JmxAccess.values(), JmxAccess.READWRITE),
        PreallocOptions.parse(parser.values));
  }

  private static Map<String, String> split(String text) throws OptionException {
    Map<String, String> values = new LinkedHashMap<>();
    if (text.isBlank()) {
      return values;
    }
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      if (!KEYS.contains(key)) {
        throw new OptionException("unknown option '" + key + "'; " + suggestion(key));
      }
      if (equals < 0 || equals == part.length() - 1) {
        throw new OptionException("option '" + key + "' needs a value: " + key + "=...");
      }
      if (values.put(key, part.substring(equals + 1)) != null) {
        throw new OptionException("option '" + key + "' is given twice; leave one");
      }
    }
    return values;
  }

  private static String suggestion(String key) {
    return KEYS.stream()
        .filter(known -> EditDistance.between(key.toLowerCase(Locale.ROOT), known) <= 2)
        .findFirst()
        .map(known -> "did you mean '" + known + "'?")
        .orElse("the options are " + String.join(", ", KEYS));
  }

  private Path record() throws OptionException {
    String value = values.get("record");
    if (value == null) {
      return null;
    }
    try {
      Path path = Path.of(value.replace("%p", pid())).toAbsolutePath();
      if (Files.isDirectory(path)) {
        throw new OptionException(
            "record="
                + value
                + " is a directory; name a file in it, as "
                + path.resolve("app.jfr"));
      }
      return path;
    } catch (InvalidPathException invalid) {
      throw new OptionException("record=" + value + " is no path: " + invalid.getReason());
    }
  }

  /** As in JFR's own option {@code filename}. */
  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private long minSize() throws OptionException {
    return size("min-size", values.getOrDefault("min-size", "64k"));
  }

  private static long size(String key, String value) throws OptionException {
    Matcher matcher = SIZE.matcher(value);
    if (matcher.matches()) {
      int shift =
          10
              * " kmg"
                  .indexOf(
                      matcher.group(2).isEmpty() ? " " : matcher.group(2).toLowerCase(Locale.ROOT));
      long number = Long.parseLong(matcher.group(1));
      if (number > 0 && number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    }
    throw new OptionException(
        key + "=" + value + " is no size; give bytes above 0, or with k, m or g, as 64k");
  }

  private List<TouchMethod> touch() throws OptionException {
    String value = values.get("touch");
    if (value == null) {
      return List.of();
    }
    List<TouchMethod> methods = new ArrayList<>();
    for (String part : value.split(";", -1)) {
      Matcher matcher = TOUCH.matcher(part);
      if (!matcher.matches()) {
        throw new OptionException(
            "touch="
                + part
                + " is no method; give package.Class::method, with * for any part of"
                + " the method's name, and ; between several");
      }
      methods.add(new TouchMethod(matcher.group(1), matcher.group(2)));
    }
    return methods;
  }

  private Duration interval() throws OptionException {
    String value = values.getOrDefault("interval", "1s");
    Matcher matcher = TIME.matcher(value);
    if (matcher.matches()) {
      try {
        long number = Long.parseLong(matcher.group(1));
        Duration duration =
            switch (matcher.group(2)) {
              case "ns" -> Duration.ofNanos(number);
              case "us" -> Duration.ofNanos(Math.multiplyExact(number, 1_000));
              case "ms" -> Duration.ofMillis(number);
              default -> Duration.ofSeconds(number);
            };
        if (duration.compareTo(Duration.ofMillis(10)) >= 0
            && duration.compareTo(Duration.ofDays(1)) <= 0) {
          return duration;
        }
      } catch (ArithmeticException tooLong) {
        // said below
      }
    }
    throw new OptionException(
        "interval=" + value + " is no period; give 10ms to 86400s, as 500ms or 1s");
  }

  private SamplePeriod sample() throws OptionException {
    try {
      return SamplePeriod.parse(values.getOrDefault("sample", "auto"));
    } catch (IllegalArgumentException malformed) {
      throw new OptionException(malformed.getMessage());
    }
  }

  private long samplesMax() throws OptionException {
    String value = values.getOrDefault("samples-max", "64m");
    long bytes = size("samples-max", value);
    if (bytes < SampleFile.LEAST_BYTES) {
      throw new OptionException("samples-max=" + value + " is too small; give 1m or more, as 64m");
    }
    return bytes;
  }

  /** Yes unless it is off. */
  private boolean isAuto(String key) throws OptionException {
    String value = values.getOrDefault(key, "auto");
    if (!value.equals("auto") && !value.equals("off")) {
      throw new OptionException(key + "=" + value + " must be auto or off");
    }
    return value.equals("auto");
  }

  /** No unless it is true. */
  private boolean isTrue(String key) throws OptionException {
    String value = values.getOrDefault(key, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new OptionException(key + "=" + value + " must be true or false");
    }
    return value.equals("true");
  }

  private <E extends Enum<E>> E choice(String key, E[] all, E standard) throws OptionException {
    String value = values.getOrDefault(key, name(standard));
    for (E one : all) {
      if (value.equals(name(one))) {
        return one;
      }
    }
    throw new OptionException(
        key
            + "="
            + value
            + " must be "
            + Arrays.stream(all)
                .limit(all.length - 1)
                .map(OptionParser::name)
                .collect(joining(", "))
            + " or "
            + name(all[all.length - 1]));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
