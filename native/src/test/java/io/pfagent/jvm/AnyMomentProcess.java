package io.pfagent.jvm;

import io.pfagent.jvm.SampledStacks.Frame;
import io.pfagent.jvm.SampledStacks.Sample;
import io.pfagent.kernel.FaultRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Samples itself by time rather than by fault: at the first instruction of a method, in the middle
 * of a return, wherever. All frames but those above the ladder's innermost one are known. Argument:
 * samples.
 */
final class AnyMomentProcess implements SampledStacks.Judge {

  private static final int STACK_BYTES = 48 * 1024;
  private static final int RING_BYTES = 64 << 20;
  private static final long PERIOD_NANOS = 50_000;
  private static final int CLIMBS_AT_ONCE = 1000;
  private static final int MOST_DIFFERENCES = 3;

  private final Ladder ladder = new Ladder();
  private final int tid;
  private final int wanted;
  private volatile boolean enough;
  private int walked;
  private int right;
  private int differences;

  private AnyMomentProcess(int tid, int wanted) {
    this.tid = tid;
    this.wanted = wanted;
  }

  public static void main(String[] arguments) throws Exception {
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    int tid = Integer.parseInt(self.getFileName().toString());
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      if (!unwinder.capability().available()) {
        throw new IllegalStateException(unwinder.capability().reason());
      }
      new AnyMomentProcess(tid, Integer.parseInt(arguments[0])).run(code, unwinder);
    }
  }

  private void run(CodeMap code, StackUnwinder unwinder) {
    long mask = unwinder.registerMask();
    climb(); // the ladder's frames are known from now on
    try (FaultRing ring = FaultRing.ofTime(PERIOD_NANOS, mask, STACK_BYTES, RING_BYTES);
        SampledStacks sampled = new SampledStacks(code, unwinder, ring, this)) {
      ring.enable();
      while (!enough) {
        climb();
      }
      sampled.finish();
      System.out.println(sampled.summary());
    }
    System.out.printf("any moment %.3f of %d%n", 100.0 * right / walked, walked);
  }

  private void climb() {
    for (int i = 0; i < CLIMBS_AT_ONCE; i++) {
      ladder.climb(i);
    }
  }

  @Override
  public boolean wants(int sampledTid, long address) {
    return sampledTid == tid;
  }

  @Override
  public void compare(Sample sample) {
    walked++;
    enough = walked >= wanted;
    if (isRight(sample)) {
      right++;
    } else if (differences++ < MOST_DIFFERENCES) {
      System.out.println(sample.stack().end().words() + " " + sample.frames());
    }
  }

  private boolean isRight(Sample sample) {
    StackTraceElement[] steps = ladder.steps();
    List<Frame> frames = sample.frames();
    int callers = steps.length - 1;
    int innermost = 0;
    while (innermost < frames.size() && !isKnown(frames.get(innermost), steps)) {
      innermost++;
    }
    int known = frames.size() - innermost;
    if (sample.stack().end() != StackEnd.COMPLETE || known == 0 || known > steps.length) {
      return false;
    }
    for (int i = 1; i < known; i++) {
      StackTraceElement step = steps[steps.length - known + i];
      Frame frame = frames.get(innermost + i);
      boolean atCall = i < callers && step.getClassName().equals(Ladder.class.getName());
      if (!frame.method().equals(name(step)) || (atCall && frame.line() != step.getLineNumber())) {
        return false;
      }
    }
    return frames.get(innermost).method().equals(name(steps[steps.length - known]));
  }

  private static boolean isKnown(Frame frame, StackTraceElement[] steps) {
    for (StackTraceElement step : steps) {
      if (name(step).equals(frame.method())) {
        return true;
      }
    }
    return false;
  }

  private static String name(StackTraceElement element) {
    return element.getClassName() + '.' + element.getMethodName();
  }
}
