package io.pfagent.report;

import io.pfagent.report.Events.ProcessFaults;
import io.pfagent.report.Events.RegionAllocation;
import io.pfagent.report.Events.RegionFree;
import io.pfagent.report.Events.RegionStatistics;
import io.pfagent.report.Events.RegionTouch;
import io.pfagent.report.Events.ThreadFaults;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/** Makes recordings, with events that hold what a test says. */
final class Recordings {

  static final long MB = 1 << 20;

  private Recordings() {}

  /** Records what {@code events} commits, and nothing of the JVM. */
  static Path record(Path file, Runnable events) throws IOException {
    try (Recording recording = new Recording()) {
      recording.start();
      events.run();
      recording.stop();
      recording.dump(file);
    }
    return file;
  }

  /** Records an event of a class that is known to JFR only meanwhile. */
  static Path recordWith(Class<? extends jdk.jfr.Event> type, Path file, Runnable events)
      throws IOException {
    FlightRecorder.register(type);
    try {
      return record(file, events);
    } finally {
      FlightRecorder.unregister(type);
    }
  }

  /** Recordings can be joined by writing one behind the other. */
  static Path join(Path joined, Path... recordings) throws IOException {
    try (OutputStream out = Files.newOutputStream(joined)) {
      for (Path recording : recordings) {
        Files.copy(recording, out);
      }
    }
    return joined;
  }

  static RegionAllocation allocation(long regionId, long size, long minorFaults, long nanos) {
    RegionAllocation event = new RegionAllocation();
    event.regionId = regionId;
    event.size = size;
    event.minorFaults = minorFaults;
    event.faultTime = nanos;
    return event;
  }

  static RegionFree free(long regionId, long size, long lifetime, long minorFaults, long nanos) {
    RegionFree event = new RegionFree();
    event.regionId = regionId;
    event.size = size;
    event.lifetime = lifetime;
    event.minorFaults = minorFaults;
    event.faultTime = nanos;
    return event;
  }

  static RegionTouch touch(long regionId, long bytes, long minorFaults, long nanos) {
    RegionTouch event = new RegionTouch();
    event.regionId = regionId;
    event.bytes = bytes;
    event.minorFaults = minorFaults;
    event.faultTime = nanos;
    return event;
  }

  static RegionStatistics statistics(
      long regionId, long size, long residentBytes, long minorFaults, long nanos, String site) {
    RegionStatistics event = new RegionStatistics();
    event.regionId = regionId;
    event.size = size;
    event.residentBytes = residentBytes;
    event.minorFaults = minorFaults;
    event.faultTime = nanos;
    event.site = site;
    return event;
  }

  static ProcessFaults process(long minorFaults, long majorFaults, long nanos) {
    ProcessFaults event = new ProcessFaults();
    event.minorFaults = minorFaults;
    event.majorFaults = majorFaults;
    event.faultTime = nanos;
    return event;
  }

  static ThreadFaults thread(Thread target, long osThreadId, String osName, long minorFaults) {
    ThreadFaults event = new ThreadFaults();
    event.target = target;
    event.osThreadId = osThreadId;
    event.osName = osName;
    event.minorFaults = minorFaults;
    return event;
  }
}
