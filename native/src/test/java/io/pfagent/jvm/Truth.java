package io.pfagent.jvm;

import io.pfagent.jvm.SampledStacks.Frame;
import io.pfagent.jvm.SampledStacks.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link Throwable} says of a stack, compared with what was walked: page by page of a region,
 * as each page faults once, and just before it a Throwable was made in the same activation of the
 * same method.
 */
final class Truth {

  private static final int PAGE = 4096;
  private static final int MOST_DIFFERENCES = 3;

  private final long base;
  private final Throwable[] truths;
  private int next;
  private int samples;
  private int exact;
  private int physical;
  private int inlinedTops;
  private int rightInlinedTops;
  private final Map<String, Integer> differences = new HashMap<>();

  Truth(long base, int pages) {
    this.base = base;
    this.truths = new Throwable[pages];
  }

  long low() {
    return base;
  }

  long high() {
    return base + (long) truths.length * PAGE;
  }

  boolean full() {
    return next == truths.length;
  }

  /**
   * The page to touch now.
   *
   * @param here where that is done
   * @return its offset in the region
   */
  int page(Throwable here) {
    truths[next] = here;
    return PAGE * next++;
  }

  void compare(Sample sample) {
    Throwable throwable = truths[(int) ((sample.address() - base) / PAGE)];
    if (throwable == null) {
      return;
    }
    List<Frame> truth = new ArrayList<>();
    for (StackTraceElement element : throwable.getStackTrace()) {
      String method = element.getClassName() + '.' + element.getMethodName();
      truth.add(new Frame(method, element.getLineNumber(), FrameType.COMPILED, 0));
    }
    samples++;
    boolean whole = sample.stack().end() == StackEnd.COMPLETE;
    boolean isExact = whole && isExact(sample.frames(), truth);
    boolean isPhysical = isExact || (whole && isPhysical(sample, truth));
    exact += isExact ? 1 : 0;
    physical += isPhysical ? 1 : 0;
    if (isPhysical && hasInlinedTop(sample)) {
      inlinedTops++;
      rightInlinedTops += isExact ? 1 : 0;
    }
    if (!isPhysical) {
      differences.merge(
          sample.stack().end().words() + "\n  walked " + sample.frames() + "\n  truth  " + truth,
          1,
          Integer::sum);
    }
  }

  /** Every caller is right, with its line; so is the method that touched, at some line. */
  private static boolean isExact(List<Frame> walked, List<Frame> truth) {
    int own = walked.size() - truth.size();
    if (own < 0 || !walked.get(own).method().equals(truth.get(0).method())) {
      return false;
    }
    return sameTail(walked.subList(own + 1, walked.size()), truth);
  }

  /**
   * The physical frames are right: all callers of the topmost one, and the method itself that was
   * compiled there. HotSpot has no exact record of what was inlined at a pc that isn't a call.
   */
  private static boolean isPhysical(Sample sample, List<Frame> truth) {
    int top = topJava(sample);
    if (top < 0 || sample.stack().isReturnAddress(sample.frames().get(top).physical())) {
      return false;
    }
    int caller = top + 1;
    while (caller < sample.frames().size()
        && sample.frames().get(caller).physical() == sample.frames().get(top).physical()) {
      caller++;
    }
    List<Frame> callers = sample.frames().subList(caller, sample.frames().size());
    int compiled = truth.size() - callers.size() - 1;
    return compiled >= 0
        && truth.get(compiled).method().equals(sample.frames().get(caller - 1).method())
        && sameTail(callers, truth);
  }

  private static boolean hasInlinedTop(Sample sample) {
    int top = topJava(sample);
    return top >= 0 && sample.frames().get(top).type() == FrameType.INLINED;
  }

  private static int topJava(Sample sample) {
    for (int i = 0; i < sample.frames().size(); i++) {
      FrameType type = sample.frames().get(i).type();
      if (type != FrameType.NATIVE && type != FrameType.STUB) {
        return i;
      }
    }
    return -1;
  }

  private static boolean sameTail(List<Frame> walked, List<Frame> truth) {
    int skipped = truth.size() - walked.size();
    for (int i = 0; i < walked.size(); i++) {
      Frame right = truth.get(skipped + i);
      int line = Math.max(right.line(), -1);
      if (!right.method().equals(walked.get(i).method()) || line != walked.get(i).line()) {
        return false;
      }
    }
    return true;
  }

  int samples() {
    return samples;
  }

  double physicalPercent() {
    return 100.0 * physical / Math.max(1, samples);
  }

  /** For a person: percentages, and the most frequent differences. */
  String summary() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "samples %d, exact physical chains %.3f %%, exact with all inlined names %.3f %%,"
                + " inlined top frames right %d of %d",
            samples,
            physicalPercent(),
            100.0 * exact / Math.max(1, samples),
            rightInlinedTops,
            inlinedTops));
    differences.entrySet().stream()
        .sorted((left, right) -> right.getValue() - left.getValue())
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
