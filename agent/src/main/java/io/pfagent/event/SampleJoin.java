package io.pfagent.event;

import io.pfagent.boot.PfagentHooks;
import io.pfagent.chunk.JoinException;
import io.pfagent.chunk.RecordingJoin;
import io.pfagent.chunk.SampleFile;
import io.pfagent.sample.FaultSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * Gets sampled faults into recordings: while one runs that has {@code pfagent.PageFault} enabled,
 * samples go to a file, and when a recording with a destination has been written, those from its
 * time are joined to it.
 */
public final class SampleJoin {

  private static final String EVENT = "pfagent.PageFault#enabled";

  private final FaultSampler sampler;
  private final boolean joins;
  private final long mostBytes;
  private final Consumer<String> messages;
  private Path spool;

  /**
   * @param joins whether recordings are touched at all; if not, the file stays beside them
   * @param mostBytes of the file of samples
   * @param messages takes what a person should know
   */
  public SampleJoin(
      FaultSampler sampler, boolean joins, long mostBytes, Consumer<String> messages) {
    this.sampler = sampler;
    this.joins = joins;
    this.mostBytes = mostBytes;
    this.messages = messages;
  }

  /** A recording has begun. */
  synchronized void started(Recording recording) {
    if (spool != null || !wantsSamples(recording)) {
      return;
    }
    try {
      Path directory =
          Files.createTempDirectory("pfagent-" + ProcessHandle.current().pid() + "-samples-");
      sampler.beginSpool(directory, mostBytes);
      spool = directory;
    } catch (IOException | RuntimeException failure) {
      messages.accept("recordings get no sampled faults: " + failure.getMessage());
    }
  }

  /** A recording was stopped, and written if it has a destination. */
  synchronized void stopped(Recording recording, Path destination) {
    if (spool == null) {
      return;
    }
    if (joins && destination != null && wantsSamples(recording)) {
      join(destination);
    }
    if (FlightRecorder.getFlightRecorder().getRecordings().stream()
        .noneMatch(
            other ->
                other.getState() == RecordingState.RUNNING
                    && other.getId() != recording.getId()
                    && wantsSamples(other))) {
      end();
    }
  }

  /** No more samples for any recording. */
  synchronized void end() {
    if (spool == null) {
      return;
    }
    try {
      sampler.endSpool();
      if (joins) {
        SampleFile.delete(spool);
      } else {
        messages.accept("the sampled faults are in " + spool);
      }
    } catch (IOException | RuntimeException failure) {
      messages.accept("the file of samples stays in " + spool + ": " + failure.getMessage());
    }
    spool = null;
  }

  private void join(Path destination) {
    boolean before = PfagentHooks.beginOwnWork();
    try {
      sampler.flush();
      RecordingJoin.append(destination, spool);
    } catch (JoinException | RuntimeException failure) {
      messages.accept(
          "the sampled faults were not joined to " + destination + ": " + failure.getMessage());
    } finally {
      PfagentHooks.endOwnWork(before);
    }
  }

  private static boolean wantsSamples(Recording recording) {
    return "true".equals(recording.getSettings().getOrDefault(EVENT, "true"));
  }
}
