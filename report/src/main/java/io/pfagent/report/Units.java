package io.pfagent.report;

import java.util.Locale;

/** Numbers for people. A negative number is an unknown one and reads {@value #UNKNOWN}. */
final class Units {

  static final String UNKNOWN = "-";

  private static final String[] BYTES = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private Units() {}

  /** {@code 65,537}. */
  static String count(long count) {
    return count < 0 ? UNKNOWN : String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 64.0 MB}: powers of 1024, as the JDK's own tools. */
  static String bytes(long bytes) {
    if (bytes < 0) {
      return UNKNOWN;
    }
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1023.95) {
      value /= 1024;
      unit++;
    }
    return oneDecimal(value) + " " + BYTES[unit];
  }

  /** {@code 12.3 ms}. */
  static String time(long nanos) {
    if (nanos < 0) {
      return UNKNOWN;
    }
    if (nanos < 1_000) {
      return nanos + " ns";
    }
    if (nanos < 999_950) {
      return oneDecimal(nanos / 1e3) + " us";
    }
    if (nanos < 999_950_000) {
      return oneDecimal(nanos / 1e6) + " ms";
    }
    if (nanos < 59_950_000_000L) {
      return oneDecimal(nanos / 1e9) + " s";
    }
    if (nanos < 3_597_000_000_000L) {
      return oneDecimal(nanos / 60e9) + " min";
    }
    return oneDecimal(nanos / 3600e9) + " h";
  }

  /** The estimated time of faults; unknown if there were faults but nobody knows their cost. */
  static String estimate(long nanos, long faults) {
    return nanos == 0 && faults > 0 ? UNKNOWN : time(nanos);
  }

  /** {@code 93.6 %}; unknown if either side is, or if there is no whole. */
  static String percent(long part, long whole) {
    return part < 0 || whole <= 0 ? UNKNOWN : oneDecimal(100.0 * part / whole) + " %";
  }

  /** {@code 1 region}, {@code 2 regions}. */
  static String plural(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** One line without control characters: recordings hold file and thread names of anyone's. */
  static String clean(String text) {
    return text == null ? UNKNOWN : text.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "?");
  }

  private static String oneDecimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
