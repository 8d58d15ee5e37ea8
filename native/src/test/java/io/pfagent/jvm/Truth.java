package io.pfagent.jvm;

import io.pfagent.jvm.SampledStacks.Frame;
import io.pfagent.jvm.SampledStacks.Sample;
import io.pfagent.kernel.FreshPages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * What {@link Throwable} says of a stack, compared with what was walked: page by page of a region,
 * as each page faults once, and just before it a Throwable was made in the same activation of the
 * same method.
 */
final class Truth implements SampledStacks.Judge {

  private static final int PAGE = 4096;
  private static final String UNKNOWN =
      MethodName.UNKNOWN.className() + '.' + MethodName.UNKNOWN.methodName();

  /** Throwable has lost the line: its method was redefined since. Native methods have -2. */
  private static final int LINE_UNKNOWN = -1;

  private final FreshPages region;
  private final Tally tally;
  private final AtomicReferenceArray<StackTraceElement[]> truths;
  private final AtomicInteger next = new AtomicInteger();

  Truth(FreshPages region, Tally tally) {
    this.region = region;
    this.tally = tally;
    this.truths = new AtomicReferenceArray<>(region.memory().capacity() / PAGE);
  }

  FreshPages region() {
    return region;
  }

  boolean full() {
    return next.get() >= truths.length();
  }

  /**
   * The page to touch now.
   *
   * @param here where that is done
   * @return its offset in the region, or -1 if there is none left
   */
  int page(Throwable here) {
    int page = next.getAndIncrement();
    if (page >= truths.length()) {
      return -1;
    }
    truths.set(page, here.getStackTrace()); // strings: the Throwable would keep classes alive
    return PAGE * page;
  }

  @Override
  public boolean wants(int tid, long address) {
    return region.contains(address);
  }

  @Override
  public void compare(Sample sample) {
    StackTraceElement[] elements = truths.get((int) ((sample.address() - region.address()) / PAGE));
    if (elements == null) {
      return;
    }
    List<Frame> truth =
        Stream.of(elements)
            .map(
                element ->
                    new Frame(
                        element.getClassName() + '.' + element.getMethodName(),
                        element.getLineNumber(),
                        FrameType.COMPILED,
                        0))
            .toList();
    compare(ofOwnThread(sample), truth);
  }

  /**
   * Without the carrier's frames, and without stubs by which Java calls: Throwable tells neither.
   */
  private static Sample ofOwnThread(Sample sample) {
    int carrierFrom = sample.stack().carrierFrom();
    int top = topJava(sample.frames());
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < sample.frames().size(); i++) {
      Frame frame = sample.frames().get(i);
      boolean callStub = i > top && frame.type() == FrameType.STUB;
      if (frame.physical() < carrierFrom && !callStub) {
        frames.add(frame);
      }
    }
    return new Sample(sample.address(), sample.stack(), frames);
  }

  private void compare(Sample sample, List<Frame> truth) {
    tally.samples++;
    if (sample.stack().end() == StackEnd.RETURN_BARRIER && isHead(sample.frames(), truth)) {
      tally.heads++;
      return;
    }
    if (sample.stack().end() != StackEnd.COMPLETE) {
      tally.incomplete++;
    } else if (lacksName(sample) && sameTail(namedCallers(sample), truth)) {
      tally.withoutNames++;
      return;
    } else if (isExact(sample.frames(), truth)) {
      tally.physical++;
      tally.exact++;
      countInlinedTop(sample, true);
      return;
    } else if (isPhysical(sample, truth)) {
      tally.physical++;
      countInlinedTop(sample, false);
      return;
    }
    tally.differs(
        sample.stack().end().words() + "\n  walked " + sample.frames() + "\n  truth  " + truth);
  }

  /** Every caller is right, with its line; so is the method that touched, at some line. */
  private static boolean isExact(List<Frame> walked, List<Frame> truth) {
    int own = walked.size() - truth.size();
    return own >= 0
        && walked.get(own).method().equals(truth.get(0).method())
        && sameTail(walked.subList(own + 1, walked.size()), truth);
  }

  /**
   * The physical frames are right: all callers of the topmost one, and the method itself that was
   * compiled there. HotSpot has no exact record of what was inlined at a pc that isn't a call, and
   * none at all of what calls a stub without ever stopping there.
   */
  private static boolean isPhysical(Sample sample, List<Frame> truth) {
    List<Frame> frames = sample.frames();
    int top = topJava(frames);
    if (top < 0 || sample.stack().pcKind(frames.get(top).physical()) == PcKind.RETURN) {
      return false;
    }
    int caller = top + 1;
    while (caller < frames.size() && frames.get(caller).physical() == frames.get(top).physical()) {
      caller++;
    }
    List<Frame> callers = frames.subList(caller, frames.size());
    int compiled = truth.size() - callers.size() - 1;
    return compiled >= 0
        && truth.get(compiled).method().equals(frames.get(caller - 1).method())
        && sameTail(callers, truth);
  }

  /** The frames are the first of those that Throwable tells. */
  private static boolean isHead(List<Frame> walked, List<Frame> truth) {
    int own = 0;
    while (own < walked.size() && !walked.get(own).method().equals(truth.get(0).method())) {
      own++;
    }
    int size = walked.size() - own;
    return size > 0
        && size < truth.size()
        && sameTail(walked.subList(own + 1, walked.size()), truth.subList(0, size));
  }

  private static boolean lacksName(Sample sample) {
    return sample.frames().stream().anyMatch(Truth::isNamelessJava);
  }

  private static boolean isNamelessJava(Frame frame) {
    return isJava(frame) && frame.method().equals(UNKNOWN);
  }

  /** The frames below which all have names. */
  private static List<Frame> namedCallers(Sample sample) {
    List<Frame> frames = sample.frames();
    int from = frames.size();
    while (!isNamelessJava(frames.get(from - 1))) {
      from--;
    }
    return frames.subList(from, frames.size());
  }

  private void countInlinedTop(Sample sample, boolean right) {
    int top = topJava(sample.frames());
    if (top >= 0 && sample.frames().get(top).type() == FrameType.INLINED) {
      tally.inlinedTops++;
      tally.rightInlinedTops += right ? 1 : 0;
    }
  }

  private static int topJava(List<Frame> frames) {
    int top = 0;
    while (top < frames.size() && !isJava(frames.get(top))) {
      top++;
    }
    return top < frames.size() ? top : -1;
  }

  private static boolean isJava(Frame frame) {
    return frame.type() != FrameType.NATIVE && frame.type() != FrameType.STUB;
  }

  private static boolean sameTail(List<Frame> walked, List<Frame> truth) {
    int skipped = truth.size() - walked.size();
    if (skipped < 0) {
      return false;
    }
    for (int i = 0; i < walked.size(); i++) {
      Frame right = truth.get(skipped + i);
      if (!right.method().equals(walked.get(i).method()) || !sameLine(right, walked.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameLine(Frame right, Frame walked) {
    return right.line() == LINE_UNKNOWN || Math.max(-1, right.line()) == walked.line();
  }
}
