package io.pfagent.agent;

import io.pfagent.account.ProcessAccount;
import io.pfagent.account.RegionAccount;
import io.pfagent.boot.PfagentHooks;
import io.pfagent.event.HookRecorder;
import io.pfagent.event.MachineEvents;
import io.pfagent.event.PreallocEvents;
import io.pfagent.event.ProcessStatistics;
import io.pfagent.event.Recordings;
import io.pfagent.event.RegionStatistics;
import io.pfagent.event.SampleJoin;
import io.pfagent.event.SampleStatistics;
import io.pfagent.event.Statistics;
import io.pfagent.event.ThreadStatistics;
import io.pfagent.hook.Weaver;
import io.pfagent.jmx.Beans;
import io.pfagent.jmx.PageFaultsBean;
import io.pfagent.jmx.PreallocationBean;
import io.pfagent.jmx.RegionsBean;
import io.pfagent.kernel.Capability;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.ResidentSet;
import io.pfagent.prealloc.Leftovers;
import io.pfagent.prealloc.Preallocation;
import io.pfagent.sample.FaultSampler;
import io.pfagent.sample.MemoryByKind;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarFile;

/** The agent at work in this JVM: its parts, wired once, and taken apart in reverse order. */
final class Agent {

  private final Options options;
  private final String version;
  private final Console console;
  private final RegionAccount regions;
  private final Machine machine;
  private final Weaver weaver;
  private final Sampling sampling;
  private final MachineEvents machineEvents;
  private final Statistics statistics;
  private final ProcessAccount account;
  private final Recordings recordings;
  private final Preallocation preallocation;
  private final Management management;
  private CompletableFuture<?> firstFigures = CompletableFuture.completedFuture(true);

  private Agent(
      Options options,
      String version,
      Console console,
      RegionAccount regions,
      Machine machine,
      Weaver weaver,
      Sampling sampling,
      Preallocation preallocation) {
    this.options = options;
    this.version = version;
    this.console = console;
    this.regions = regions;
    this.machine = machine;
    this.weaver = weaver;
    this.sampling = sampling;
    this.management = new Management(console);
    FaultSampler sampler = sampling.sampler();
    this.account = machine.processAccount(regions, sampler);
    this.recordings =
        new Recordings(
            options.interval(),
            new SampleJoin(sampler, options.merge(), options.samplesMax(), console::say),
            console::say);
    this.preallocation = preallocation;
    this.machineEvents =
        new MachineEvents(KernelSettings::read, this::capabilities, machine.faultCost());
    this.statistics =
        new Statistics(
            new RegionStatistics(regions, machine.pageMap(), machine::unusedBytes, machine.costs()),
            new ThreadStatistics(machine.tasks(), machine.hotSpotThreads(), machine.countsTaskIo()),
            new ProcessStatistics(
                account, ResidentSet::bytes, preallocation::unusedBytesAtAGlance, machine.costs()),
            new SampleStatistics(
                sampler,
                new MemoryByKind(regions.table(), machine.pageMap(), sampling::jvmAreas),
                machine.costs()),
            machineEvents,
            recordings,
            console::failed);
  }

  /**
   * Puts the agent to work; {@link BootClasses} must be defined.
   *
   * @return a line that says what it does
   * @throws UnavailableException if it is at work already
   * @throws OptionException if the recording can't be started; nothing is left behind then
   */
  static String start(Options options, Instrumentation instrumentation, Path jar)
      throws UnavailableException, OptionException, IOException {
    if (PfagentHooks.isInstalled()) {
      throw new UnavailableException(
          "already at work in this JVM; this second start changes nothing");
    }
    NativeAccess.grant();
    JfrAccess.grant(instrumentation);
    // JNA, ByteBuddy and JFR each take a while to start, and don't wait for one another.
    Console console = new Console();
    RegionAccount regions = new RegionAccount();
    CompletableFuture<Machine> machine = Background.start("pfagent-machine", Machine::open);
    CompletableFuture<Sampling> sampling =
        Background.start(
            "pfagent-sampling",
            () -> Sampling.start(options, regions, machine.join(), console::failed));
    CompletableFuture<Preallocation> preallocation =
        sampling.thenApply(
            started -> preallocation(options, regions, machine.join(), started, console));
    CompletableFuture<Weaver> weaver =
        Background.start("pfagent-weaver", () -> Weaver.install(instrumentation, options.touch()));
    Recordings.prepare(options.record() != null);
    Agent agent =
        new Agent(
            options,
            version(jar),
            console,
            regions,
            machine.join(),
            weaver.join(),
            sampling.join(),
            preallocation.join());
    agent.begin();
    return agent.describe();
  }

  private static Preallocation preallocation(
      Options options, RegionAccount regions, Machine machine, Sampling sampling, Console console) {
    return Preallocation.open(
        regions,
        options.preallocation().systemWrites(),
        sampling.faults(),
        machine::unusedBytes,
        console::failed);
  }

  private void begin() throws OptionException {
    HookRecorder recorder =
        new HookRecorder(
            regions,
            machine.costs(),
            options.minSize(),
            machine.canCount(),
            machine.pageSize(),
            preallocation.blocks(),
            console::failed);
    recorder.warmUp();
    statistics.start();
    recordings.listen();
    PfagentHooks.install(recorder, options.minSize());
    try {
      startRecording(options.record());
    } catch (IOException failure) {
      uninstall();
      throw new OptionException(
          "record="
              + options.record()
              + " can't be written ("
              + failure.getMessage()
              + "); name a file in a directory that this user may write");
    }
    startPreallocation(options.preallocation());
    if (options.jmx() != Options.JmxAccess.OFF) {
      management.start(this::registerBeans);
    }
  }

  /** What the machine denies never stops the application: it is said, and goes on without. */
  private void startPreallocation(PreallocOptions wanted) {
    preallocation.addListener(new PreallocEvents(machineEvents));
    try {
      new Leftovers(wanted.systemWrites()).restore(console::say);
      if (!wanted.zeroing().equals(preallocation.zeroing())) {
        preallocation.setZeroing(wanted.zeroing());
      }
      if (!wanted.backend().equals(preallocation.backend())) {
        preallocation.setBackend(wanted.backend());
      }
      if (wanted.isAutomatic()) {
        preallocation.setAutomatic(true);
      } else if (wanted.pages() > 1) {
        preallocation.setPages(wanted.pages());
      }
    } catch (IllegalStateException denied) {
      console.say("no preallocation, the agent works without: " + denied.getMessage());
    }
  }

  private void startRecording(Path file) throws IOException {
    if (file != null) {
      statistics.startWithoutFigures(() -> recordings.start(file));
      firstFigures =
          Background.start(
              "pfagent-figures",
              () -> {
                statistics.emitFirstFigures();
                return true;
              });
    }
  }

  /** Takes the agent out of the JVM; nothing of it runs afterwards. */
  void uninstall() {
    PfagentHooks.uninstall();
    firstFigures.join();
    preallocation.close();
    recordings.stopIfRunning();
    recordings.stopListening();
    statistics.stop();
    sampling.close();
    weaver.uninstall();
    management.stop();
    machine.close();
  }

  List<Capability> capabilities() {
    List<Capability> all = new ArrayList<>(weaver.capabilities());
    all.addAll(machine.capabilities());
    all.addAll(sampling.capabilities());
    all.addAll(Management.capabilities());
    return all;
  }

  Options options() {
    return options;
  }

  String version() {
    return version;
  }

  Recordings recordings() {
    return recordings;
  }

  private Beans registerBeans() {
    boolean mayWrite = options.jmx() == Options.JmxAccess.READWRITE;
    return Beans.register(
        new AgentBean(this),
        new PageFaultsBean(account, machine.costs(), sampling.sampler(), mayWrite),
        new RegionsBean(
            regions,
            region -> machine.pageMap().residency(region.address(), region.size()).residentBytes(),
            machine.costs()),
        new PreallocationBean(preallocation, mayWrite, options.preallocation().systemWrites()));
  }

  private String describe() {
    long missing =
        capabilities().stream()
            .filter(capability -> !capability.available() && !weaver.isWaitingFor(capability))
            .count();
    return version
        + ": "
        + weaver.wovenCount()
        + " hooks, regions from "
        + options.minSize()
        + " bytes"
        + (missing == 0 ? "" : ", not available here: " + missing + " (see pfagent.Capability)")
        + (options.record() == null ? "" : ", recording to " + options.record());
  }

  private static String version(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }
}
