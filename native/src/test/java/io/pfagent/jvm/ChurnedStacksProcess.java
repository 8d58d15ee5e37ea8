package io.pfagent.jvm;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;
import io.pfagent.kernel.ResidentSet;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Samples page faults while classes come and go, with their metadata and their compiled code:
 * threads that load a class each time, run it and drop it, and collections in between. Another one
 * runs {@link KnownStacks}, whose class is redefined again and again: its methods become obsolete
 * on the stack, and its compiled code is deoptimised. Arguments: seconds; {@code unsampled} for the
 * same without any sample: what grows then is not ours; {@code unredefined} to leave that out.
 */
final class ChurnedStacksProcess {

  private static final int THREADS = 3;
  private static final int RUNS_PER_CLASS = 60;
  private static final int PAGES_PER_ROUND = 20_000;
  private static final int STACK_BYTES = 16 * 1024;
  private static final int RING_BYTES = 32 << 20;
  private static final long COLLECTION_MILLIS = 300;

  /** What the JVM takes until it has warmed up is no leak. */
  private static final double WARM_UP_SHARE = 0.3;

  private final Instrumentation instrumentation = OwnInstrumentation.get();
  private final FreshPages pages = FreshPages.of(PAGES_PER_ROUND);
  private final List<Long> residentBytes = new ArrayList<>();
  private final AtomicInteger loaded = new AtomicInteger();
  private final AtomicInteger redefined = new AtomicInteger();
  private final boolean isSampled;
  private final boolean redefines;
  private volatile Truth truth;
  private volatile boolean ended;

  private ChurnedStacksProcess(List<String> modes) {
    this.isSampled = !modes.contains("unsampled");
    this.redefines = !modes.contains("unredefined");
  }

  public static void main(String[] arguments) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[0]));
    List<String> modes = List.of(arguments).subList(1, arguments.length);
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      if (!unwinder.capability().available()) {
        throw new IllegalStateException(unwinder.capability().reason());
      }
      Tally tally = new Tally();
      ChurnedStacksProcess churn = new ChurnedStacksProcess(modes);
      // The drain thread's own first steps take longer than some code lives.
      churn.round(code, unwinder, new Tally(), end);
      while (System.nanoTime() - end < 0) {
        churn.round(code, unwinder, tally, end);
      }
      System.out.printf(
          "classes %d, redefinitions %d, code map %s%n%s%n",
          churn.loaded.get(), churn.redefined.get(), code.counts(), tally);
      System.out.printf("resident memory grew by %.1f %%%n", churn.residentGrowthPercent());
      System.out.printf(
          "incomplete %.3f wrong %d of %d%n",
          tally.percent(tally.incomplete), tally.wrong(), tally.samples);
    }
  }

  /** Fills a region; its threads end with it. */
  private void round(CodeMap code, StackUnwinder unwinder, Tally tally, long end) throws Exception {
    truth = new Truth(pages, tally);
    ended = false;
    long mask = unwinder.registerMask();
    try (FaultRing ring = FaultRing.ofFaults(mask, STACK_BYTES, RING_BYTES);
        SampledStacks sampled = new SampledStacks(code, unwinder, ring, truth)) {
      if (isSampled) {
        ring.enable();
      }
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(new Thread(this::churn, "churn-" + i));
      }
      threads.add(new Thread(this::known, "known"));
      threads.add(new Thread(this::collect, "collect"));
      threads.forEach(Thread::start);
      while (!truth.full() && System.nanoTime() - end < 0) {
        threads.get(0).join(COLLECTION_MILLIS);
      }
      ended = true;
      for (Thread thread : threads) {
        thread.join();
      }
      sampled.finish();
      System.out.println(sampled.summary());
    }
    pages.drop();
    System.out.printf("resident %d MB%n", ResidentSet.bytes() >> 20);
    residentBytes.add(ResidentSet.bytes());
  }

  /** The median of the last rounds against that of those after the warm-up. */
  private double residentGrowthPercent() {
    int size = residentBytes.size();
    int warm = (int) (size * WARM_UP_SHARE);
    int middle = (warm + size) / 2;
    long before = median(residentBytes.subList(warm, Math.max(middle, warm + 1)));
    long after = median(residentBytes.subList(Math.min(middle, size - 1), size));
    return 100.0 * (after - before) / before;
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private void churn() {
    while (!ended) {
      Runnable fresh = load(loaded.incrementAndGet());
      for (int i = 0; i < RUNS_PER_CLASS && !ended; i++) {
        fresh.run();
      }
    }
  }

  private void known() {
    KnownStacks stacks = new KnownStacks(truth);
    try {
      for (int i = 0; !ended; i++) {
        stacks.round(i);
      }
    } catch (Exception failure) {
      throw new IllegalStateException("KnownStacks", failure);
    }
  }

  /** The same bytes: other methods of the same names. */
  private void redefine() {
    try (InputStream file = KnownStacks.class.getResourceAsStream("KnownStacks.class")) {
      instrumentation.redefineClasses(new ClassDefinition(KnownStacks.class, file.readAllBytes()));
      redefined.incrementAndGet();
    } catch (IOException | ClassNotFoundException | UnmodifiableClassException failure) {
      throw new IllegalStateException("KnownStacks is not redefined", failure);
    }
  }

  private void collect() {
    while (!ended) {
      if (redefines) {
        redefine();
      }
      System.gc();
      try {
        TimeUnit.MILLISECONDS.sleep(COLLECTION_MILLIS);
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }

  private void touch() {
    int offset = truth.page(new Throwable());
    if (offset >= 0) {
      truth.region().memory().put(offset, (byte) 1);
    }
  }

  /** Of the class that had the same digits, a million earlier, nothing is left. */
  private Runnable load(int number) {
    String digits = String.format("%06d", number % 1_000_000);
    try (InputStream file = Churned000000.class.getResourceAsStream("Churned000000.class")) {
      String template = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
      byte[] bytes = template.replace("000000", digits).getBytes(StandardCharsets.ISO_8859_1);
      String name = Churned000000.class.getName().replace("000000", digits);
      Class<?> type = new OneClassLoader(name, bytes).loadClass(name);
      Runnable task = this::touch;
      return (Runnable) type.getConstructor(Runnable.class).newInstance(task);
    } catch (IOException | ReflectiveOperationException failure) {
      throw new IllegalStateException("Churned" + digits, failure);
    }
  }
}
