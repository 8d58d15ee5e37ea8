package io.pfagent.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of the state file of {@link SystemSettings}: what each changed setting was before, and
 * which processes still want it changed.
 *
 * <pre>
 * pfagent settings 1
 * setting sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled never
 * holder 4711 1234567 sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled
 *        pid  start time in ticks, field 22 of /proc/PID/stat
 * </pre>
 *
 * <p>Whoever restores writes what stands here with its own rights, so only settings and words that
 * pfagent itself writes are read; any other line makes the file unreadable as a whole.
 *
 * @param originals the word that each setting had before the first change, by setting
 * @param holders who wants which setting changed
 */
record HeldSettings(Map<String, String> originals, List<Holder> holders) {

  private static final String HEADER = "pfagent settings 1";

  private static final Pattern SETTING =
      Pattern.compile("sys/kernel/mm/transparent_hugepage/hugepages-\\d{1,9}kB/enabled");

  private static final Pattern WORD = Pattern.compile("always|inherit|madvise|never");

  /** A process that wants a setting changed; the start time tells it from a later one's pid. */
  record Holder(long pid, long startTicks, String setting) {}

  static HeldSettings none() {
    return new HeldSettings(new LinkedHashMap<>(), new ArrayList<>());
  }

  boolean isEmpty() {
    return originals.isEmpty() && holders.isEmpty();
  }

  /** Whether anybody wants the setting changed. */
  boolean isHeld(String setting) {
    return holders.stream().anyMatch(holder -> holder.setting().equals(setting));
  }

  /**
   * Reads the file's text.
   *
   * @throws IllegalArgumentException if a line is none that {@link #format} writes
   */
  static HeldSettings parse(String text) {
    HeldSettings held = none();
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IllegalArgumentException("the first line is not '" + HEADER + "'");
    }
    for (String line : lines.subList(1, lines.size())) {
      held.add(line.split(" ", -1), line);
    }
    return held;
  }

  String format() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    originals.forEach((setting, word) -> append(text, "setting", setting, word));
    for (Holder holder : holders) {
      append(text, "holder", holder.pid(), holder.startTicks(), holder.setting());
    }
    return text.toString();
  }

  private void add(String[] words, String line) {
    if (words[0].equals("setting")
        && words.length == 3
        && SETTING.matcher(words[1]).matches()
        && WORD.matcher(words[2]).matches()) {
      originals.put(words[1], words[2]);
    } else if (words[0].equals("holder")
        && words.length == 4
        && SETTING.matcher(words[3]).matches()) {
      holders.add(new Holder(number(words[1], line), number(words[2], line), words[3]));
    } else {
      throw new IllegalArgumentException("unknown line '" + line + "'");
    }
  }

  private static long number(String digits, String line) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException("unknown line '" + line + "'", none);
    }
  }

  private static void append(StringBuilder text, Object... words) {
    for (int i = 0; i < words.length; i++) {
      text.append(i == 0 ? "" : " ").append(words[i]);
    }
    text.append('\n');
  }
}
