package io.pfagent.jvm;

import io.pfagent.kernel.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fallback where {@code libpfagent.so} does not load: what lies where, as the JVM's own
 * diagnostic command writes it. Compiled methods only, without inlined ones and lines. Time is not
 * looked at: the code is that of the last time it was asked for, so a method unloaded since may
 * stand for the one that lies there now.
 *
 * <p>Asking takes some 10 ms. It is done by look-ups, and never takes more than 1 % of the time.
 */
public final class CompilerPerfmap implements JavaCode {

  private static final String NAME = "compiler-perfmap";
  private static final String FALLBACK = "compiled Java code has no names";

  private static final long TIMES_IT_TOOK = 100;
  private static final long SHORTEST_PAUSE_NANOS = 1_000_000_000;

  /** A JVM that makes more method names than this has them unknown. */
  private static final int MOST_NAMES = 500_000;

  private final Capability insteadOf;
  private final Map<MethodName, Integer> ids = new HashMap<>();
  private final List<MethodName> names = new ArrayList<>(List.of(MethodName.UNKNOWN));
  private Capability capability = new Capability(NAME, true, "", "");
  private PerfmapFile code = PerfmapFile.EMPTY;
  private long loads;
  private long nextNanos;
  private boolean asked;
  private boolean closed;

  private CompilerPerfmap(Capability insteadOf) {
    this.insteadOf = insteadOf;
  }

  /**
   * Nothing is asked of the JVM yet.
   *
   * @param denied what this stands in for
   */
  public static CompilerPerfmap insteadOf(Capability denied) {
    return new CompilerPerfmap(denied);
  }

  @Override
  public synchronized List<Capability> capabilities() {
    return List.of(insteadOf, capability);
  }

  @Override
  public synchronized int frames(
      long pc, PcKind kind, int compileId, boolean tooLate, long nanoTime, JavaFrames out) {
    if (closed) {
      return 0;
    }
    refreshIfDue();
    Optional<PerfmapFile.Code> found = code.at(kind == PcKind.CURRENT ? pc : pc - 1);
    return found.isPresent() ? out.add(found.get().method(), -1, -1, found.get().type()) : 0;
  }

  @Override
  public synchronized MethodName method(int id) {
    return id >= 0 && id < names.size() ? names.get(id) : MethodName.UNKNOWN;
  }

  @Override
  public synchronized CodeCounts counts() {
    long methods = code.methods();
    return new CodeCounts(methods, code.size() - methods, 0, names.size() - 1, 0, loads, 0, 0, 0);
  }

  @Override
  public synchronized void close() {
    closed = true;
    code = PerfmapFile.EMPTY;
  }

  private void refreshIfDue() {
    long begin = System.nanoTime();
    if (asked && begin - nextNanos < 0) {
      return;
    }
    asked = true;
    try {
      code = PerfmapFile.parse(PerfmapCommand.lines(), this::idOf);
      loads += code.size();
      capability = new Capability(NAME, true, "", "");
    } catch (IOException | LinkageError failure) {
      // A LinkageError is how a JVM without the module java.management says so.
      capability = new Capability(NAME, false, String.valueOf(failure), FALLBACK);
    }
    long end = System.nanoTime();
    nextNanos = end + Math.max(SHORTEST_PAUSE_NANOS, (end - begin) * TIMES_IT_TOOK);
  }

  private int idOf(MethodName name) {
    Integer known = ids.get(name);
    if (known != null) {
      return known;
    }
    if (names.size() > MOST_NAMES) {
      return 0;
    }
    ids.put(name, names.size());
    names.add(name);
    return names.size() - 1;
  }
}
