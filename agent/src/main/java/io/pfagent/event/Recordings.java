package io.pfagent.event;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * The recording that the agent itself starts, with the pfagent template over JFR's {@code default};
 * and the period of the statistics events in recordings that set none.
 */
public final class Recordings implements FlightRecorderListener {

  private static final String TEMPLATE = "/io/pfagent/templates/pfagent.jfc";

  /** The size of a recording leaves out its open chunk, which JFR ends at 12 MB by default. */
  private static final long OPEN_CHUNK_BYTES = 16 << 20;

  private final Duration interval;
  private final SampleJoin samples;
  private final Consumer<String> messages;
  private volatile Recording own;
  private volatile Path destination;

  /**
   * @param interval period of the statistics events, where a recording sets none
   * @param samples brings sampled faults into recordings
   * @param messages takes what a person should know, a line each
   */
  public Recordings(Duration interval, SampleJoin samples, Consumer<String> messages) {
    this.interval = interval;
    this.samples = samples;
    this.messages = messages;
  }

  /**
   * Makes the events known to JFR, which takes a while.
   *
   * @param willRecord whether JFR is to be started up too, for a recording will be
   */
  public static void prepare(boolean willRecord) {
    EventTypes.register();
    if (willRecord) {
      FlightRecorder.getFlightRecorder();
    }
  }

  /** Watches recordings come and go. */
  public void listen() {
    FlightRecorder.addListener(this);
  }

  /** Watches no more. */
  public void stopListening() {
    FlightRecorder.removeListener(this);
    samples.end();
  }

  /**
   * Starts a recording that is written when it is stopped or the JVM ends, whichever way it ends in
   * order ({@code System.exit} and SIGTERM too).
   *
   * @throws IOException if the file can't be written or there is no template
   * @throws IllegalStateException if one runs already
   */
  public synchronized void start(Path file) throws IOException {
    if (own != null) {
      throw new IllegalStateException("already recording to " + destination);
    }
    Recording recording = new Recording(settings());
    try {
      recording.setName("pfagent");
      recording.setDumpOnExit(true);
      recording.setDestination(file);
      recording.start();
    } catch (IOException | RuntimeException failure) {
      recording.close();
      throw failure;
    }
    destination = file;
    own = recording;
  }

  /**
   * Stops the recording and writes its file.
   *
   * @return the file
   * @throws IllegalStateException if none runs
   */
  public synchronized Path stop() {
    if (own == null) {
      throw new IllegalStateException("no recording runs; startRecording(path) starts one");
    }
    Recording recording = own;
    try {
      recording.stop();
      recording.close();
    } finally {
      own = null;
    }
    return destination;
  }

  /** Stops the recording if one runs. */
  public synchronized void stopIfRunning() {
    if (own != null) {
      stop();
    }
  }

  @Override
  public void recordingStateChanged(Recording recording) {
    if (recording.getState() == RecordingState.RUNNING) {
      setPeriods(recording);
      samples.started(recording);
    } else if (recording.getState() == RecordingState.STOPPED) {
      samples.stopped(recording, recording.getDestination());
    } else if (recording.getState() == RecordingState.CLOSED && recording == own) {
      checkWritten();
    }
  }

  private void setPeriods(Recording recording) {
    Map<String, String> settings = recording.getSettings();
    Map<String, String> added = new HashMap<>(settings);
    for (String event : Statistics.EVENTS) {
      added.putIfAbsent(event + "#period", interval.toNanos() + " ns");
    }
    if (!added.equals(settings)) {
      recording.setSettings(added);
    }
  }

  /**
   * Called when a chunk ends, and so before a recording is written: JFR would lose it without a
   * word if the disk had too little room, so it goes where there is some.
   */
  void secureDestination() {
    Recording recording = own;
    if (recording == null || hasRoom(destination, recording)) {
      return;
    }
    Path other =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "pfagent-" + ProcessHandle.current().pid() + ".jfr");
    try {
      recording.setDestination(other);
      messages.accept(
          "too little room for the recording at " + destination + "; it will be in " + other);
      destination = other;
    } catch (IOException | RuntimeException neither) {
      messages.accept("too little room for the recording at " + destination + " and " + other);
    }
  }

  private static boolean hasRoom(Path file, Recording recording) {
    return file.toFile().getParentFile().getUsableSpace() > recording.getSize() + OPEN_CHUNK_BYTES;
  }

  private void checkWritten() {
    if (!RecordingFileCheck.isWhole(destination)) {
      messages.accept("the recording could not be written to " + destination);
    }
  }

  private Map<String, String> settings() throws IOException {
    try (Reader template =
        new InputStreamReader(
            Recordings.class.getResourceAsStream(TEMPLATE), StandardCharsets.UTF_8)) {
      Map<String, String> settings =
          new HashMap<>(Configuration.getConfiguration("default").getSettings());
      settings.putAll(Configuration.create(template).getSettings());
      for (String event : Statistics.EVENTS) {
        settings.put(event + "#period", interval.toNanos() + " ns");
      }
      return settings;
    } catch (ParseException malformed) {
      throw new IOException("the template " + TEMPLATE + " is malformed", malformed);
    }
  }
}
