package io.pfagent.benchmarks;

import java.lang.reflect.InvocationTargetException;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Sees to it that a benchmark runs in the {@link AgentMode} that its result will be filed under.
 */
@State(Scope.Benchmark)
public class Company {

  /** Enough for some seconds of the fastest benchmark; older chunks are thrown away. */
  private static final long MAX_RECORDING_BYTES = 64 << 20;

  private Recording recording;

  /** Starts the recording of this mode, if it has one. */
  @Setup(Level.Trial)
  public void begin() {
    AgentMode mode = AgentMode.ofThisJvm();
    if (isAgentAtWork() != (mode != AgentMode.NO_AGENT)) {
      throw new IllegalStateException(
          "this JVM should run with '"
              + mode.label()
              + "'; what the agent wrote to stderr tells why it doesn't");
    }
    if (mode.records()) {
      recording = record(mode);
    }
  }

  /** Throws the recording away. */
  @TearDown(Level.Trial)
  public void end() {
    if (recording != null) {
      recording.close();
    }
  }

  private static Recording record(AgentMode mode) {
    Recording recording = new Recording();
    recording.setMaxSize(MAX_RECORDING_BYTES);
    FlightRecorder.getFlightRecorder().getEventTypes().stream()
        .map(type -> type.getName())
        .filter(name -> name.startsWith("pfagent.Region") && !name.endsWith("Statistics"))
        .forEach(
            name -> {
              if (mode == AgentMode.STACKS) {
                recording.enable(name).withoutThreshold().withStackTrace();
              } else {
                recording.enable(name).withoutThreshold().withoutStackTrace();
              }
            });
    if (recording.getSettings().isEmpty()) {
      throw new IllegalStateException("the agent has registered no events pfagent.Region*");
    }
    recording.start();
    return recording;
  }

  /** Asks the class that the agent defines in java.base; it is there only with an agent. */
  private static boolean isAgentAtWork() {
    try {
      return (boolean)
          Class.forName("java.lang.PfagentHooks").getMethod("isInstalled").invoke(null);
    } catch (ClassNotFoundException noAgent) {
      return false;
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("java.lang.PfagentHooks is of another version", e);
    }
  }
}
