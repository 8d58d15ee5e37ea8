package io.pfagent.report;

import java.util.List;

/**
 * How much of something lies where, from left to right, in few steps: a text of the digits 0 to 9
 * between bars, which a page shows as shades.
 */
final class Strip {

  private static final char EDGE = '|';
  private static final int MAX_SHADE = 9;

  private Strip() {}

  /** Writes the parts of a whole; 0 is nothing, and the largest part is 9. */
  static String of(List<Long> parts) {
    long largest = 1;
    for (long part : parts) {
      largest = Math.max(largest, part);
    }
    StringBuilder text = new StringBuilder().append(EDGE);
    for (long part : parts) {
      // A little is more than nothing.
      text.append(part <= 0 ? " " : Math.max(1, Math.round((double) MAX_SHADE * part / largest)));
    }
    return text.append(EDGE).toString();
  }

  /** The shades of a strip, each between 0 and 1; none if the text is no strip. */
  static double[] shades(String text) {
    if (text.length() < 2 || text.charAt(0) != EDGE) {
      return new double[0];
    }
    return text.substring(1, text.length() - 1)
        .chars()
        .mapToDouble(digit -> (double) Math.max(0, Character.digit(digit, 10)) / MAX_SHADE)
        .toArray();
  }
}
