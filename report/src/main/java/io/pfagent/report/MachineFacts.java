package io.pfagent.report;

import io.pfagent.kernel.Capability;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.JnaThreads;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.Rusage;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import io.pfagent.kernel.SmallFile;
import io.pfagent.kernel.SystemSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What doctor judges by, as this process finds it.
 *
 * @param settings of the kernel
 * @param rusage whether faults can be counted
 * @param sampling whether user-side faults can be sampled: tried out, not concluded
 * @param samplesInKernel whether those that the kernel raises can be, too
 * @param byProgram whether a BPF program can write samples without stacks; empty without sampling
 * @param ringBytes what each processor's ring of samples got of {@link #GOOD_RING_BYTES}; -1
 *     without sampling
 * @param status text of {@code /proc/self/status}
 * @param limits text of {@code /proc/self/limits}
 * @param perfRingKilobytes {@code kernel.perf_event_mlock_kb}, -1 if unknown
 * @param processors of this machine
 * @param thpIsWritable whether this user may change the settings of large pages
 * @param leftovers settings that killed JVMs have left changed
 * @param leftoversProblem why these can't be known; null if they are
 */
record MachineFacts(
    KernelSettings settings,
    Capability rusage,
    Capability sampling,
    boolean samplesInKernel,
    Optional<Capability> byProgram,
    long ringBytes,
    String status,
    String limits,
    long perfRingKilobytes,
    int processors,
    boolean thpIsWritable,
    List<String> leftovers,
    String leftoversProblem) {

  /** In a smaller ring, a burst of faults with stacks loses samples. */
  static final int GOOD_RING_BYTES = 1 << 20;

  private static final Path RING_KILOBYTES = Path.of("/proc/sys/kernel/perf_event_mlock_kb");
  private static final Path THP = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /** Looks at this machine; never fails. */
  static MachineFacts read() {
    List<String> leftovers = List.of();
    String problem = null;
    try {
      leftovers = SystemSettings.ofThisMachine().leftovers();
    } catch (IOException e) {
      problem = e.getMessage();
    }
    FaultSampling.Opened opened =
        FaultSampling.open(new SampleSetUp(SampleLayout.leaf(), GOOD_RING_BYTES, true), 1);
    try {
      return new MachineFacts(
          KernelSettings.read(),
          Rusage.capability(),
          opened.capability(),
          opened.sampling().map(sampling -> sampling.inKernel().available()).orElse(false),
          opened.sampling().flatMap(FaultSampling::byProgram),
          opened.sampling().map(sampling -> (long) sampling.ringBytes()).orElse(-1L),
          SmallFile.read(Path.of("/proc/self/status")).orElse(""),
          SmallFile.read(Path.of("/proc/self/limits")).orElse(""),
          SmallFile.readNumber(RING_KILOBYTES).orElse(EventFields.UNKNOWN),
          Runtime.getRuntime().availableProcessors(),
          Files.isWritable(THP),
          leftovers,
          problem);
    } finally {
      opened.sampling().ifPresent(FaultSampling::close);
      JnaThreads.end();
    }
  }
}
