package io.pfagent.jvm;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** How many stacks were walked right. Filled by the thread that drains, read when it has ended. */
final class Tally {

  private static final int MOST_DIFFERENCES = 3;

  int samples;
  int incomplete;
  int heads; // of virtual threads whose other frames are on the heap
  int withoutNames;
  int physical;
  int exact;
  int inlinedTops;
  int rightInlinedTops;
  private final Map<String, Integer> differences = new HashMap<>();

  void differs(String how) {
    differences.merge(how, 1, Integer::sum);
  }

  /** What is wrong, and says nothing of it, is to be seen first. */
  private static boolean claimsToBeComplete(String how) {
    return how.startsWith(StackEnd.COMPLETE.words());
  }

  /** Stacks that are complete, have all names, and are not what Throwable says. */
  int wrong() {
    return samples - incomplete - heads - withoutNames - physical;
  }

  double percent(int part) {
    return 100.0 * part / Math.max(1, samples);
  }

  /** For a person: percentages, and the most frequent differences. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "samples %d, exact physical chains %.3f %%, exact with all inlined names %.3f %%,"
                + " incomplete %.3f %%, heads of stacks %.3f %%, a name missing %.3f %%, wrong %d,"
                + " inlined top frames right %d of %d",
            samples,
            percent(physical),
            percent(exact),
            percent(incomplete),
            percent(heads),
            percent(withoutNames),
            wrong(),
            rightInlinedTops,
            inlinedTops));
    differences.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, Integer> one) -> claimsToBeComplete(one.getKey()))
                .thenComparing(Map.Entry::getValue)
                .reversed())
        .limit(MOST_DIFFERENCES)
        .forEach(
            difference ->
                text.append("\ndiffers ")
                    .append(difference.getValue())
                    .append(" times: ")
                    .append(difference.getKey()));
    return text.toString();
  }
}
