package io.pfagent.agent;

import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import io.pfagent.event.JfrClock;
import io.pfagent.jvm.AddressRange;
import io.pfagent.jvm.CodeMap;
import io.pfagent.jvm.JavaCode;
import io.pfagent.jvm.JvmLayout;
import io.pfagent.jvm.NativeMemoryTracking;
import io.pfagent.kernel.Capability;
import io.pfagent.kernel.HotSpotThreads;
import io.pfagent.kernel.Tasks;
import io.pfagent.prealloc.SampledFaults;
import io.pfagent.sample.FaultSampler;
import io.pfagent.sample.JavaThreads;
import io.pfagent.sample.JvmArea;
import io.pfagent.sample.SamplerParts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The sampler and what it needs to know of the JVM, put together as the options say. */
final class Sampling implements AutoCloseable {

  private final JavaCode code;
  private final FaultSampler sampler;
  private final List<JvmArea> jvmAreas;
  private final Capability stacks;
  private final Capability perfMap;

  private Sampling(
      Options options,
      RegionAccount regions,
      HotSpotThreads hotSpotThreads,
      Consumer<Throwable> failures) {
    this.code = JavaCode.open();
    JvmLayout layout = JvmLayout.read();
    this.jvmAreas = areas(layout);
    StackChoice choice = StackChoice.of(options.stacks(), code, layout.codeCache());
    this.stacks = choice.capability();
    this.perfMap = startPerfMap(options.perfMap());
    this.sampler =
        new FaultSampler(
            new SamplerParts(
                code,
                choice.reading(),
                new JavaThreads(hotSpotThreads::osThreadId),
                Tasks.open(),
                () -> jvmAreas,
                new JfrClock(),
                failures),
            regions);
  }

  /** Puts it together and begins. */
  static Sampling start(
      Options options, RegionAccount regions, Machine machine, Consumer<Throwable> failures) {
    Sampling sampling = new Sampling(options, regions, machine.hotSpotThreads(), failures);
    sampling.sampler.start(options.sample());
    return sampling;
  }

  FaultSampler sampler() {
    return sampler;
  }

  /** What a choice of regions to preallocate may go by. */
  SampledFaults faults() {
    return new SampledFaults() {
      @Override
      public boolean areThere() {
        return sampler.faultsPerSample() > 0;
      }

      @Override
      public boolean areAllThereSince(long nanoTime) {
        return sampler.hasCountedSince(nanoTime);
      }
    };
  }

  List<JvmArea> jvmAreas() {
    return jvmAreas;
  }

  List<Capability> capabilities() {
    List<Capability> all = new ArrayList<>(code.capabilities());
    all.add(sampler.capability());
    all.add(sampler.inKernel());
    sampler.byProgram().ifPresent(all::add);
    all.add(stacks);
    if (perfMap != null) {
      all.add(perfMap);
    }
    return all;
  }

  @Override
  public void close() {
    sampler.stop();
    code.close();
  }

  /** Null if none is wanted. */
  private Capability startPerfMap(boolean wanted) {
    if (!wanted) {
      return null;
    }
    try {
      if (code instanceof CodeMap map) {
        map.startPerfMap(CodeMap.perfMapFile());
        return new Capability("perf-map", true, "", "");
      }
      return new Capability(
          "perf-map", false, "there is no code map", "run jcmd PID Compiler.perfmap instead");
    } catch (IOException denied) {
      return new Capability(
          "perf-map", false, denied.getMessage(), "run jcmd PID Compiler.perfmap instead");
    }
  }

  private static List<JvmArea> areas(JvmLayout layout) {
    List<JvmArea> areas = new ArrayList<>();
    add(areas, layout.javaHeap(), RegionKind.JAVA_HEAP);
    add(areas, layout.codeCache(), RegionKind.CODE_CACHE);
    add(areas, layout.cdsArchive(), RegionKind.METASPACE);
    if (Management.IS_PRESENT) {
      NativeMemoryTracking.read()
          .forEach(reserved -> add(areas, Optional.of(reserved.range()), kind(reserved)));
    }
    return List.copyOf(areas);
  }

  private static void add(List<JvmArea> areas, Optional<AddressRange> range, RegionKind kind) {
    if (kind != null) {
      range.ifPresent(known -> areas.add(new JvmArea(known.start(), known.end(), kind)));
    }
  }

  /** Null for what comes and goes: its addresses may belong to something else by now. */
  private static RegionKind kind(NativeMemoryTracking.Reserved reserved) {
    return switch (reserved.category()) {
      case "GC", "GCCardSet" -> RegionKind.GC;
      case "Java Heap" -> RegionKind.JAVA_HEAP;
      case "Class", "Metaspace", "Shared class space" -> RegionKind.METASPACE;
      case "Code" -> RegionKind.CODE_CACHE;
      default -> null;
    };
  }
}
