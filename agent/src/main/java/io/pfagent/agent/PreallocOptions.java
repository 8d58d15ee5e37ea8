package io.pfagent.agent;

import io.pfagent.prealloc.Preallocation;
import java.util.List;
import java.util.Map;

/**
 * The options of preallocation.
 *
 * @param pages pages per fault from the start; 1 for none, 0 where the agent chooses
 * @param backend how it is done, {@code auto} for the best that there is
 * @param zeroing who zeroes new regions: {@code jdk} or {@code kernel}
 * @param systemWrites whether settings may be written that reach beyond this process
 */
record PreallocOptions(int pages, String backend, String zeroing, boolean systemWrites) {

  static final List<String> KEYS = List.of("prealloc", "backend", "zeroing", "system-writes");

  private static final List<String> BACKENDS =
      List.of("auto", "multi_page_alloc", "mthp", "thp", "populate");

  private static final List<String> BOOLEANS = List.of("true", "false");

  /**
   * Reads them from the options' values by key.
   *
   * @throws OptionException if a value is malformed
   */
  static PreallocOptions parse(Map<String, String> values) throws OptionException {
    return new PreallocOptions(
        pages(values.getOrDefault("prealloc", "off")),
        oneOf("backend", values.getOrDefault("backend", "auto"), BACKENDS),
        oneOf("zeroing", values.getOrDefault("zeroing", "jdk"), List.of("jdk", "kernel")),
        oneOf("system-writes", values.getOrDefault("system-writes", "false"), BOOLEANS)
            .equals("true"));
  }

  boolean isAutomatic() {
    return pages == 0;
  }

  /** In the grammar of the options. */
  String text() {
    return "prealloc="
        + (isAutomatic() ? "auto" : pages == 1 ? "off" : pages)
        + ",backend="
        + backend
        + ",zeroing="
        + zeroing
        + ",system-writes="
        + systemWrites;
  }

  private static int pages(String value) throws OptionException {
    if (value.equals("off")) {
      return 1;
    }
    if (value.equals("auto")) {
      return 0;
    }
    if (value.matches("[1-9]\\d{0,2}") && Integer.parseInt(value) <= Preallocation.MOST_PAGES) {
      return Integer.parseInt(value);
    }
    throw new OptionException(
        "prealloc=" + value + " must be 1 to " + Preallocation.MOST_PAGES + " pages, off or auto");
  }

  private static String oneOf(String key, String value, List<String> allowed)
      throws OptionException {
    if (allowed.contains(value)) {
      return value;
    }
    throw new OptionException(key + "=" + value + " must be one of " + String.join(", ", allowed));
  }
}
