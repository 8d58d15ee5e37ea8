package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the mappings of this process, in the order of their addresses. */
public final class Mappings {

  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final Path SMAPS = Path.of("/proc/self/smaps");

  /** The lines of a mapping in {@code smaps} that count huge entries of whatever memory. */
  private static final List<String> HUGE =
      List.of("AnonHugePages:", "ShmemPmdMapped:", "FilePmdMapped:", "Private_Hugetlb:");

  private Mappings() {}

  /** What is mapped where, some microseconds per mapping; empty if the kernel doesn't tell. */
  public static List<Mapping> read() {
    return SmallFile.read(MAPS).map(Mappings::parse).orElse(List.of());
  }

  /**
   * With resident bytes, for which the kernel walks the page tables: some 10 ms for each gigabyte
   * of resident base pages.
   */
  public static List<Mapping> readWithResidency() {
    return SmallFile.read(SMAPS).map(Mappings::parse).orElse(List.of());
  }

  /** The text of either file. */
  static List<Mapping> parse(String text) {
    List<Mapping> mappings = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      parseLine(text, at, end, mappings);
      at = end + 1;
    }
    return mappings;
  }

  private static void parseLine(String text, int from, int to, List<Mapping> mappings) {
    int dash = text.indexOf('-', from);
    int space = text.indexOf(' ', from);
    if (dash > from && dash < space && space < to && isHex(text, from, dash)) {
      mappings.add(mapping(text, from, dash, space, to));
    } else if (!mappings.isEmpty()) {
      int last = mappings.size() - 1;
      mappings.set(last, withSize(mappings.get(last), text, from, to));
    }
  }

  /** {@code start-end perms offset device inode name}, the name after blanks, if any. */
  private static Mapping mapping(String text, int from, int dash, int space, int to) {
    String name = "";
    int at = space;
    for (int field = 0; field < 4 && at >= 0; field++) {
      at = text.indexOf(' ', at + 1);
    }
    if (at >= 0 && at < to) {
      name = text.substring(at, to).strip();
    }
    return new Mapping(
        Long.parseUnsignedLong(text, from, dash, 16),
        Long.parseUnsignedLong(text, dash + 1, space, 16),
        !text.startsWith("---", space + 1),
        text.charAt(space + 2) == 'w',
        text.charAt(space + 3) == 'x',
        text.charAt(space + 4) == 's',
        name,
        -1,
        -1);
  }

  private static Mapping withSize(Mapping mapping, String text, int from, int to) {
    if (text.startsWith("Rss:", from)) {
      return mapping.with(kilobytes(text, from, to), Math.max(0, mapping.hugeBytes()));
    }
    for (String key : HUGE) {
      if (text.startsWith(key, from)) {
        long huge = Math.max(0, mapping.hugeBytes()) + kilobytes(text, from, to);
        return mapping.with(mapping.residentBytes(), huge);
      }
    }
    return mapping;
  }

  /** {@code Key: 123 kB} in bytes. */
  private static long kilobytes(String text, int from, int to) {
    String[] words = text.substring(from, to).split("\\s+", -1);
    return Long.parseLong(words[1]) * 1024;
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
