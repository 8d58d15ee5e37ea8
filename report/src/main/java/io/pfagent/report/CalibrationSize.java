package io.pfagent.report;

import io.pfagent.kernel.FirstWriteCosts;
import io.pfagent.kernel.MemoryHeadroom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of the mapping that {@code calibrate} measures. */
final class CalibrationSize {

  /** What the machine keeps in any case: a part of its memory, and at least so much. */
  private static final long RESERVED_PART = 16;

  private static final long LEAST_RESERVED_BYTES = 64 << 20;

  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");

  private CalibrationSize() {}

  /**
   * Reads {@code 4194304}, {@code 4096k}, {@code 256m} or {@code 1g}.
   *
   * @param unitBytes the least that can be measured; the result is a multiple of it, rounded down
   * @throws IllegalArgumentException if it is no size, or not between the bounds; the message says
   *     which sizes can be
   */
  static long parse(String text, long unitBytes) {
    Matcher matcher = SIZE.matcher(text);
    long bytes =
        matcher.matches() ? Long.parseLong(matcher.group(1)) << shift(matcher.group(2)) : 0;
    if (bytes < unitBytes || bytes > FirstWriteCosts.MOST_BYTES) {
      throw new IllegalArgumentException(
          "--size must be a size from %dm to 1g, as 256m, it is '%s'"
              .formatted(unitBytes >> 20, text));
    }
    return bytes - bytes % unitBytes;
  }

  private static int shift(String unit) {
    return switch (unit) {
      case "k", "K" -> 10;
      case "m", "M" -> 20;
      case "g", "G" -> 30;
      default -> 0;
    };
  }

  /**
   * Refuses a size that would take memory which others need.
   *
   * @throws CommandException if it is too large for what is left
   */
  static void checkFits(long bytes, MemoryHeadroom memory) {
    if (!memory.isKnown()) {
      return;
    }
    long reserved = Math.max(LEAST_RESERVED_BYTES, memory.limitBytes() / RESERVED_PART);
    long usable = memory.availableBytes() - reserved;
    if (bytes > usable) {
      throw new CommandException(
          "%s are more than may be used: %s of %s are left, and %s stay untouched; choose a smaller --size"
              .formatted(
                  Units.bytes(bytes),
                  Units.bytes(Math.max(0, memory.availableBytes())),
                  Units.bytes(memory.limitBytes()),
                  Units.bytes(reserved)));
    }
  }
}
