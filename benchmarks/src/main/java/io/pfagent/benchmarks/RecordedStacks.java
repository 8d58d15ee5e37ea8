package io.pfagent.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** The samples of a recording of pfagent's, and what the agent says about them. */
final class RecordedStacks {

  private static final String COMPLETE = "complete";

  private final List<StackSample> samples = new ArrayList<>();
  private final Map<String, Integer> states = new TreeMap<>();
  private final List<RecordedEvent> faults = new ArrayList<>();
  private final List<RecordedEvent> process = new ArrayList<>();
  private final List<RecordedEvent> kinds = new ArrayList<>();
  private long lost;
  private int withoutJava;

  private RecordedStacks() {}

  static RecordedStacks read(Path file) throws IOException {
    RecordedStacks stacks = new RecordedStacks();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        stacks.add(recording.readEvent());
      }
    }
    if (stacks.faults.isEmpty()) {
      throw new IOException(file + " has no pfagent.PageFault: sampling is denied, or off");
    }
    stacks.countStates();
    return stacks;
  }

  List<StackSample> samples() {
    return Collections.unmodifiableList(samples);
  }

  /** Without those of faults that the kernel raised, which not every profiler takes. */
  List<StackSample> userSamples() {
    return IntStream.range(0, samples.size())
        .filter(i -> !isInKernel(faults.get(i)))
        .mapToObj(samples::get)
        .toList();
  }

  long lost() {
    return lost;
  }

  /** Samples of threads that no sample has seen in Java: compilers, collectors. */
  int withoutJava() {
    return withoutJava;
  }

  /** Among the samples of threads that run Java, from 0 to 1. */
  double completeShare() {
    return (double) states.getOrDefault(COMPLETE, 0) / (samples.size() - withoutJava);
  }

  /** How many of the others there are of which state. */
  String incomplete() {
    Map<String, Integer> others = new TreeMap<>(states);
    others.remove(COMPLETE);
    return others.isEmpty()
        ? "none"
        : String.join(
            ", ", others.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
  }

  int deepest() {
    return samples.stream().mapToInt(sample -> sample.frames().size()).max().orElse(0);
  }

  /** The share of the application's stacks with so many Java frames or more. */
  double deepShare(int frames, String main) {
    long all = samples.stream().filter(sample -> sample.isOfApplication(main)).count();
    long deep =
        samples.stream()
            .filter(sample -> sample.isOfApplication(main) && sample.frames().size() >= frames)
            .count();
    return (double) deep / all;
  }

  /**
   * The faults since sampling began that the agent tells as raised in user mode, by kind of memory,
   * or in the kernel: their share among those that the kernel has counted, from 0 to 1.
   */
  double accountedShare() {
    RecordedEvent last = process.get(process.size() - 1);
    long all =
        last.getLong("minorFaults")
            + last.getLong("majorFaults")
            - last.getLong("unattributedFaults");
    long user = Math.min(last.getLong("userFaults"), faultsByKind());
    return (double) (user + last.getLong("kernelFaults")) / all;
  }

  /** The share of the faults in user mode whose kind of memory is told as other. */
  double otherShare() {
    long other =
        lastKinds().stream()
            .filter(event -> event.getString("kind").equals("other"))
            .mapToLong(event -> event.getLong("faults"))
            .sum();
    return (double) other / faultsByKind();
  }

  /**
   * What the samples of faults in user mode stand for, against those that were counted between the
   * first and the last time that the agent told them. What each thread has faulted on each
   * processor since its last sample stands in no sample.
   */
  double sampledShare() {
    RecordedEvent first = process.get(0);
    RecordedEvent last = process.get(process.size() - 1);
    Instant from = first.getStartTime();
    Instant to = last.getStartTime();
    long sampled =
        faults.stream()
            .filter(fault -> fault.getStartTime().isAfter(from))
            .filter(fault -> !fault.getStartTime().isAfter(to))
            .filter(fault -> !isInKernel(fault))
            .mapToLong(fault -> fault.getLong("weight"))
            .sum();
    return (double) sampled / (last.getLong("userFaults") - first.getLong("userFaults"));
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "pfagent.PageFault" -> {
        faults.add(event);
        samples.add(sample(event));
      }
      case "pfagent.ProcessFaults" -> process.add(event);
      case "pfagent.MemoryKind" -> kinds.add(event);
      case "pfagent.LostSamples" -> lost += event.getLong("lost");
      default -> {}
    }
  }

  private void countStates() {
    Set<String> javaThreads = new HashSet<>();
    samples.stream()
        .filter(StackSample::hasJava)
        .map(StackSample::thread)
        .forEach(javaThreads::add);
    for (int i = 0; i < samples.size(); i++) {
      if (javaThreads.contains(samples.get(i).thread())) {
        states.merge(faults.get(i).getString("stackState"), 1, Integer::sum);
      } else {
        withoutJava++;
      }
    }
  }

  /** The last of each kind. */
  private List<RecordedEvent> lastKinds() {
    Map<String, RecordedEvent> last = new TreeMap<>();
    kinds.forEach(event -> last.put(event.getString("kind"), event));
    return List.copyOf(last.values());
  }

  private long faultsByKind() {
    return lastKinds().stream().mapToLong(event -> event.getLong("faults")).sum();
  }

  private static StackSample sample(RecordedEvent fault) {
    List<StackSample.Frame> frames = new ArrayList<>();
    if (fault.getStackTrace() != null) {
      for (RecordedFrame frame : fault.getStackTrace().getFrames()) {
        if (!frame.getType().equals("Native")) {
          frames.add(
              StackSample.Frame.of(
                  frame.getMethod().getType().getName(),
                  frame.getMethod().getName(),
                  frame.getType().equals("Inlined")));
        }
      }
    }
    Collections.reverse(frames);
    return new StackSample(name(fault.getThread()), frames, fault.getLong("weight"));
  }

  private static boolean isInKernel(RecordedEvent fault) {
    return fault.getBoolean("inKernel");
  }

  private static String name(RecordedThread thread) {
    if (thread == null) {
      return "";
    }
    return thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
  }
}
