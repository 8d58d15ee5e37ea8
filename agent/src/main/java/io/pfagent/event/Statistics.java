package io.pfagent.event;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** The periodic events: their emitters, and when JFR calls them. */
public final class Statistics {

  /** Events whose period is the option {@code interval} unless a recording sets its own. */
  static final List<String> EVENTS =
      List.of("pfagent.RegionStatistics", "pfagent.ThreadFaults", "pfagent.ProcessFaults");

  private final PeriodicEvents periodic;
  private final RegionStatistics regions;
  private final ThreadStatistics threads;
  private final ProcessStatistics process;
  private final SampleStatistics samples;
  private final MachineEvents machine;
  private final Recordings recordings;
  private volatile boolean figuresLater;

  /**
   * @param recordings the agent's own recording is looked after when a chunk ends
   * @param failures takes what an emitter throws
   */
  public Statistics(
      RegionStatistics regions,
      ThreadStatistics threads,
      ProcessStatistics process,
      SampleStatistics samples,
      MachineEvents machine,
      Recordings recordings,
      Consumer<Throwable> failures) {
    this.periodic = new PeriodicEvents(failures);
    this.regions = regions;
    this.threads = threads;
    this.process = process;
    this.samples = samples;
    this.machine = machine;
    this.recordings = recordings;
  }

  /** From now on JFR asks for the events while a recording has them enabled. */
  public void start() {
    periodic.add(RegionStatisticsEvent.class, regions::emit);
    periodic.add(ThreadFaultsEvent.class, threads::emit);
    periodic.add(ProcessFaultsEvent.class, process::emit);
    periodic.add(FaultSiteEvent.class, samples::emitSites);
    periodic.add(MemoryKindEvent.class, samples::emitKinds);
    periodic.add(LostSamplesEvent.class, samples::emitLost);
    periodic.add(KernelSettingsEvent.class, machine::emitKernelSettings);
    periodic.add(CostCalibrationEvent.class, machine::emitCalibration);
    periodic.add(
        CapabilityEvent.class,
        () -> {
          machine.emitCapabilities();
          if (!figuresLater) {
            emitFigures();
          }
          recordings.secureDestination();
        });
  }

  /**
   * Starts a recording without the figures of its beginning, which {@link #emitFirstFigures}
   * brings: they take a while, and the application waits for its recording.
   */
  public void startWithoutFigures(RecordingStart start) throws IOException {
    figuresLater = true;
    try {
      start.run();
    } finally {
      figuresLater = false;
    }
  }

  /** Emits them, in any thread. */
  public void emitFirstFigures() {
    periodic.guarded(this::emitFigures).run();
  }

  /** A chunk begins or ends: a recording shorter than a period has its figures too. */
  private void emitFigures() {
    regions.emit();
    threads.emit();
    process.emit();
    samples.emitSites();
    samples.emitKinds();
    samples.emitLost();
  }

  /** Takes all of it back. */
  public void stop() {
    periodic.removeAll();
    EventTypes.unregister();
  }

  /** Starts a recording. */
  @FunctionalInterface
  public interface RecordingStart {
    void run() throws IOException;
  }
}
