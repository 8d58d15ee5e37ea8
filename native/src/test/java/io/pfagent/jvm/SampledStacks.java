package io.pfagent.jvm;

import io.pfagent.kernel.FaultRing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that drains a ring as the agent does: it walks each stack soon, and names it half a
 * second later. How soon, is said by {@code -Ddrain.millis}.
 */
final class SampledStacks implements AutoCloseable {

  /**
   * One sample.
   *
   * @param address that faulted
   * @param stack its physical frames
   * @param frames its frames, named, innermost first
   */
  record Sample(long address, PhysicalStack stack, List<Frame> frames) {}

  /**
   * A frame as a stack trace element says it.
   *
   * @param physical the index of its physical frame
   */
  record Frame(String method, int line, FrameType type, int physical) {
    @Override
    public String toString() {
      return method + ':' + line + (type == FrameType.COMPILED ? "" : " " + type);
    }
  }

  /** What is to be done with samples. */
  interface Judge {
    /** Whether to walk the stack of a sample. */
    boolean wants(int tid, long address);

    /** Takes a sample that it wanted. */
    void compare(Sample sample);
  }

  private record Waiting(long nanoTime, long address, PhysicalStack stack) {}

  private static final long PAUSE_NANOS =
      TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("drain.millis", 2));
  private static final long NAMING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int MOST_FRAMES = 1024;

  private final CodeMap code;
  private final StackUnwinder unwinder;
  private final FaultRing ring;
  private final Judge judge;
  private final PhysicalStack stack = new PhysicalStack(MOST_FRAMES);
  private final Map<PhysicalStack, PhysicalStack> distinct = new HashMap<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final Map<StackEnd, Integer> ends = new EnumMap<>(StackEnd.class);
  private final JavaFrames named = new JavaFrames(4 * MOST_FRAMES);
  private final Thread drainer = new Thread(this::drain, "drainer");
  private volatile boolean closing;
  private long walks;
  private long walkNanos;
  private long longestWalkNanos;

  SampledStacks(CodeMap code, StackUnwinder unwinder, FaultRing ring, Judge judge) {
    this.code = code;
    this.unwinder = unwinder;
    this.ring = ring;
    this.judge = judge;
    drainer.setDaemon(true);
    drainer.start();
  }

  @Override
  public void close() {
    finish();
  }

  /** Takes no more samples, and waits until all are named. */
  void finish() {
    ring.disable();
    closing = true;
    try {
      drainer.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  Map<StackEnd, Integer> ends() {
    return ends;
  }

  /** For a person. */
  String summary() {
    return String.format(
        "%d walks, mean %d ns, longest %d us, lost %d, ends %s",
        walks, walkNanos / Math.max(1, walks), longestWalkNanos / 1000, ring.lost(), ends);
  }

  private void drain() {
    boolean last;
    do {
      last = closing;
      ring.drain(this::walk);
      while (!waiting.isEmpty() && (waiting.peek().nanoTime - System.nanoTime() < -NAMING_NANOS)) {
        name(waiting.remove());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (!last || !waiting.isEmpty());
  }

  private void walk(
      int tid, long nanoTime, long address, long registers, long copy, int copyBytes) {
    if (!judge.wants(tid, address)) {
      return;
    }
    long begin = System.nanoTime();
    unwinder.unwind(registers, copy, copyBytes, nanoTime, stack);
    long nanos = System.nanoTime() - begin;
    walks++;
    walkNanos += nanos;
    longestWalkNanos = Math.max(longestWalkNanos, nanos);
    ends.merge(stack.end(), 1, Integer::sum);
    PhysicalStack kept = distinct.get(stack);
    if (kept == null) {
      kept = stack.copy();
      distinct.put(kept, kept);
    }
    waiting.add(new Waiting(nanoTime, address, kept));
  }

  private void name(Waiting sample) {
    List<Frame> frames = new ArrayList<>();
    PhysicalStack one = sample.stack;
    for (int i = 0; i < one.size(); i++) {
      named.clear();
      one.expand(i, code, sample.nanoTime, named);
      for (int j = 0; j < named.size(); j++) {
        frames.add(frame(j, i));
      }
    }
    judge.compare(new Sample(sample.address, one, frames));
  }

  private Frame frame(int index, int physical) {
    MethodName method = code.method(named.method(index));
    return new Frame(
        method.className() + '.' + method.methodName(),
        named.line(index),
        named.type(index),
        physical);
  }
}
