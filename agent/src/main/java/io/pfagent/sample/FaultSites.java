package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import io.pfagent.jvm.JavaCode;
import io.pfagent.jvm.JavaFrames;
import io.pfagent.jvm.MethodName;
import io.pfagent.kernel.NativeSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where faults are raised: the innermost Java frame, or the native function where there is none.
 */
public final class FaultSites {

  /** Beyond it the smaller half is forgotten. */
  private static final int MOST = 10_000;

  private final JavaCode code;
  private final Map<Key, Totals> sites = new HashMap<>();

  /** The site of the last fault, which the next one often has, too. */
  private Key lastKey;

  private Totals lastTotals;

  FaultSites(JavaCode code) {
    this.code = code;
  }

  /**
   * A place that has raised faults.
   *
   * @param method {@code package.Class.method}, or library and function
   * @param line in the source, -1 if unknown
   * @param kind what the memory is
   * @param faults that it has raised so far, an estimate from samples
   * @param majorFaults those among them that waited for a device
   */
  public record Site(String method, int line, RegionKind kind, long faults, long majorFaults) {}

  /** The sites that have raised the most, the hottest first. Any thread. */
  public synchronized List<Site> hottest(int most) {
    return sites.entrySet().stream()
        .sorted(BY_FAULTS)
        .limit(most)
        .map(entry -> site(entry.getKey(), entry.getValue()))
        .toList();
  }

  synchronized void add(ResolvedFault fault, SampledStack stack) {
    if (sites.size() >= MOST) {
      forgetHalf();
    }
    Totals totals = totals(key(stack, fault.kind()), stack);
    totals.faults += fault.weight();
    totals.majorFaults += fault.isMajor() ? fault.weight() : 0;
  }

  private Totals totals(Key key, SampledStack stack) {
    if (!key.equals(lastKey)) {
      lastKey = key;
      lastTotals = sites.computeIfAbsent(key, added -> new Totals(name(added, stack)));
    }
    return lastTotals;
  }

  private static Key key(SampledStack stack, RegionKind kind) {
    JavaFrames frames = stack.frames();
    for (int i = 0; i < frames.size(); i++) {
      switch (frames.type(i)) {
        case COMPILED, INLINED, INTERPRETED -> {
          return new Key(frames.method(i), frames.line(i), null, kind);
        }
        default -> {}
      }
    }
    if (stack.nativeTop() != null) {
      return new Key(0, -1, stack.nativeTop(), kind);
    }
    return new Key(frames.size() == 0 ? 0 : frames.method(0), -1, null, kind);
  }

  /** Asked for at once: the code map forgets the names of unloaded methods. */
  private String name(Key key, SampledStack stack) {
    if (key.function() != null) {
      return key.function().library() + "." + SampleLabels.methodName(key.function());
    }
    if (stack.frames().size() == 0) {
      return "[unknown]";
    }
    MethodName name = code.method(key.method());
    return SampleLabels.className(name) + "." + SampleLabels.methodName(name);
  }

  private void forgetHalf() {
    lastKey = null;
    List<Map.Entry<Key, Totals>> entries = new ArrayList<>(sites.entrySet());
    entries.sort(BY_FAULTS);
    entries.subList(MOST / 2, entries.size()).forEach(entry -> sites.remove(entry.getKey()));
  }

  private static Site site(Key key, Totals totals) {
    return new Site(totals.name, key.line(), key.kind(), totals.faults, totals.majorFaults);
  }

  private static final Comparator<Map.Entry<Key, Totals>> BY_FAULTS =
      Comparator.comparingLong((Map.Entry<Key, Totals> entry) -> entry.getValue().faults)
          .reversed();

  /** Compared for every sample: a record's own methods take the JVM longer to link and to run. */
  private record Key(int method, int line, NativeSymbols.Symbol function, RegionKind kind) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && method == key.method
          && line == key.line
          && kind == key.kind
          && Objects.equals(function, key.function);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * (31 * method + line) + kind.hashCode()) + Objects.hashCode(function);
    }
  }

  private static final class Totals {
    private final String name;
    private long faults;
    private long majorFaults;

    Totals(String name) {
      this.name = name;
    }
  }
}
