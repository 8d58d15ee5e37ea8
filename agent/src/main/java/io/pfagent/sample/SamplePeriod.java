package io.pfagent.sample;

import java.util.regex.Pattern;

/**
 * How often a fault is sampled: the option {@code sample} and the attribute {@code SamplePeriod}.
 *
 * @param mode whether there is sampling, and who chooses the period
 * @param faults one sample for each so many faults; 0 unless it is fixed
 */
public record SamplePeriod(Mode mode, int faults) {

  /** Whether there is sampling, and who chooses the period. */
  public enum Mode {
    AUTO,
    FIXED,
    OFF
  }

  /** The period follows what sampling costs. */
  public static final SamplePeriod AUTO = new SamplePeriod(Mode.AUTO, 0);

  /** No sampling. */
  public static final SamplePeriod OFF = new SamplePeriod(Mode.OFF, 0);

  /** The longest period: rarer samples tell nothing. */
  public static final int LONGEST = 1_000_000;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,7}");

  /**
   * Reads the option's value.
   *
   * @throws IllegalArgumentException if it is none; the message names the allowed ones
   */
  public static SamplePeriod parse(String value) {
    if (value.equals("auto")) {
      return AUTO;
    }
    if (value.equals("off")) {
      return OFF;
    }
    if (NUMBER.matcher(value).matches()) {
      int faults = Integer.parseInt(value);
      if (faults >= 1 && faults <= LONGEST) {
        return new SamplePeriod(Mode.FIXED, faults);
      }
    }
    throw new IllegalArgumentException(
        "sample=" + value + " is no period; give 1 to " + LONGEST + ", auto or off");
  }

  public boolean isOff() {
    return mode == Mode.OFF;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return switch (mode) {
      case AUTO -> "auto";
      case OFF -> "off";
      case FIXED -> Integer.toString(faults);
    };
  }
}
