package io.pfagent.jvm;

import io.pfagent.jvm.SampledStacks.Frame;
import io.pfagent.jvm.SampledStacks.Sample;
import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * How often the innermost method of {@link InlinedTops} in a stack is the one that has faulted: as
 * walked from a copy, and as async-profiler says, in one JVM, of the same compiled code. Arguments:
 * pages, async-profiler's library (its Java part must be on the class path), a folder for its file.
 */
final class InlinedTopsProcess implements SampledStacks.Judge {

  private static final int PAGE = 4096;
  private static final int STACK_BYTES = 2 * 1024;
  private static final int RING_BYTES = 256 << 20;
  private static final int WARM_UP_ROUNDS = 5;
  private static final int AT_ONCE = 600;

  private final FreshPages pages;
  private final InlinedTops tops;
  private final int count;
  private int walked;
  private int right;

  private InlinedTopsProcess(int count) {
    this.count = count;
    this.pages = FreshPages.of(count);
    this.tops = new InlinedTops(pages.address(), PAGE);
  }

  public static void main(String[] arguments) throws Throwable {
    InlinedTopsProcess process = new InlinedTopsProcess(Integer.parseInt(arguments[0]));
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      for (int i = 0; i < WARM_UP_ROUNDS; i++) {
        process.touchAll();
      }
      process.sample(code, unwinder);
      process.profile(Path.of(arguments[1]), Path.of(arguments[2]).resolve("profile.jfr"));
    }
  }

  private List<long[]> touchAll() throws Throwable {
    pages.drop();
    List<long[]> times = new ArrayList<>();
    for (int i = 0; i < count; i += AT_ONCE) {
      long begin = System.nanoTime();
      tops.touch(i, Math.min(count, i + AT_ONCE));
      times.add(new long[] {begin, System.nanoTime()});
    }
    return times;
  }

  private void sample(CodeMap code, StackUnwinder unwinder) throws Throwable {
    try (FaultRing ring = FaultRing.ofFaults(unwinder.registerMask(), STACK_BYTES, RING_BYTES);
        SampledStacks sampled = new SampledStacks(code, unwinder, ring, this)) {
      ring.enable();
      touchAll();
      sampled.finish();
    }
    System.out.printf("copied stacks: right %d of %d%n", right, walked);
  }

  @Override
  public boolean wants(int tid, long address) {
    return pages.contains(address);
  }

  @Override
  public void compare(Sample sample) {
    int touch = (int) ((sample.address() - pages.address()) / PAGE);
    String prefix = InlinedTops.class.getName() + '.';
    String top =
        sample.frames().stream()
            .map(Frame::method)
            .filter(method -> method.startsWith(prefix))
            .findFirst()
            .orElse("");
    walked++;
    right += top.equals(prefix + InlinedTops.nameOf(touch)) ? 1 : 0;
  }

  private void profile(Path library, Path file) throws Throwable {
    Class<?> type = Class.forName("one.profiler.AsyncProfiler");
    Object profiler = type.getMethod("getInstance", String.class).invoke(null, library.toString());
    Method execute = type.getMethod("execute", String.class);
    execute.invoke(
        profiler, "start,event=page-faults,interval=1,clock=monotonic,threads,jfr,file=" + file);
    List<long[]> times = touchAll();
    execute.invoke(profiler, "stop,file=" + file);

    List<RecordedEvent> samples =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
            .filter(event -> !topOf(event).isEmpty())
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();
    int matched = 0;
    int agreed = 0;
    for (int i = 0; i < times.size(); i++) {
      List<String> inTime = within(samples, times.get(i), nanosAhead(file));
      int from = i * AT_ONCE;
      int touches = Math.min(count, from + AT_ONCE) - from;
      if (inTime.size() == touches) { // none is missing, and none is of something else: in order
        for (int j = 0; j < touches; j++) {
          agreed += inTime.get(j).equals(InlinedTops.nameOf(from + j)) ? 1 : 0;
        }
        matched += touches;
      }
    }
    System.out.printf("async-profiler: right %d of %d%n", agreed, matched);
  }

  private static List<String> within(List<RecordedEvent> samples, long[] time, long nanosAhead) {
    return samples.stream()
        .filter(sample -> monotonic(sample, nanosAhead) >= time[0])
        .filter(sample -> monotonic(sample, nanosAhead) <= time[1])
        .map(InlinedTopsProcess::topOf)
        .toList();
  }

  private static long monotonic(RecordedEvent sample, long nanosAhead) {
    var start = sample.getStartTime();
    return start.getEpochSecond() * 1_000_000_000L + start.getNano() - nanosAhead;
  }

  /** By how much the file's wall clock is ahead of its ticks; offsets of a JFR chunk's header. */
  private static long nanosAhead(Path file) throws Exception {
    ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file), 0, 64);
    return header.getLong(32) - header.getLong(48);
  }

  private static String topOf(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return "";
    }
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      if (frame.getMethod().getType().getName().equals(InlinedTops.class.getName())) {
        return frame.getMethod().getName();
      }
    }
    return "";
  }
}
