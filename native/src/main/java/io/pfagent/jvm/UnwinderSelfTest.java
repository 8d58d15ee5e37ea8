package io.pfagent.jvm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has an unwinder walk a stack that is known: a thread of its own, through Java, C++ that calls
 * Java, a native method and a native function; what comes out must be what {@link Throwable} says
 * of the same frames, line by line.
 *
 * <p>At a JVM's start the frames are interpreted. Should some be compiled, their names come from
 * the code map, which may hear of them a moment later: then it is tried again.
 */
final class UnwinderSelfTest {

  private static final int ATTEMPTS = 10;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int MOST_FRAMES = 64;

  private final StackUnwinder unwinder;
  private final JavaCode code;
  private String refusal = "the self-test did not run";

  UnwinderSelfTest(StackUnwinder unwinder, JavaCode code) {
    this.unwinder = unwinder;
    this.code = code;
  }

  /** Why the unwinder is not to be used, or the empty string. */
  String run() {
    // No frame of a thread's start is hidden from Throwable if run() is overridden.
    Thread thread =
        new Thread("pfagent-self-test") {
          @Override
          public void run() {
            refusal = attempt();
          }
        };
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "the self-test was interrupted";
    }
    return refusal;
  }

  private String attempt() {
    String difference = "";
    for (int i = 0; i < ATTEMPTS; i++) {
      Probe probe = new Probe();
      UnwinderLibrary.call(probe);
      difference = probe.difference();
      if (difference.isEmpty()) {
        return "";
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return "a stack that is known was not walked right: " + difference;
  }

  private final class Probe implements Runnable {

    private final PhysicalStack stack = new PhysicalStack(MOST_FRAMES);
    private long nanoTime;
    private StackTraceElement[] truth = {};

    @Override
    public void run() {
      truth = new Throwable().getStackTrace();
      unwinder.unwindSelf(stack);
      nanoTime = System.nanoTime();
    }

    /** How what was walked differs from the truth, or the empty string. */
    String difference() {
      JavaFrames frames = new JavaFrames(2 * MOST_FRAMES);
      stack.expand(code, nanoTime, frames);
      List<String> walked = new ArrayList<>();
      for (int i = 0; i < frames.size(); i++) {
        walked.add(written(code.method(frames.method(i)), frames.line(i)));
      }
      List<String> expected = Arrays.stream(truth).map(Probe::written).toList();
      // Above run() stand the frames of the walk itself; run() is at another line by then.
      int callers = expected.size() - 1;
      int own = walked.size() - expected.size();
      boolean same =
          stack.end() == StackEnd.COMPLETE
              && own > 0
              && walked.get(own).startsWith(Probe.class.getName() + ".run")
              && walked
                  .subList(walked.size() - callers, walked.size())
                  .equals(expected.subList(1, expected.size()));
      return same ? "" : walked + ", " + stack.end().words() + ", where " + expected + " is right";
    }

    private static String written(MethodName method, int line) {
      return method.className() + '.' + method.methodName() + (line >= 0 ? ":" + line : "");
    }

    private static String written(StackTraceElement element) {
      return element.getClassName()
          + '.'
          + element.getMethodName()
          + (element.getLineNumber() >= 0 ? ":" + element.getLineNumber() : "");
    }
  }
}
