package io.pfagent.report;

import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;

/** Records itself from its start; the arguments are the file, how many regions, and their size. */
final class SampleApp {

  static final long FAULT_NANOS = 500;

  private SampleApp() {}

  public static void main(String[] args) throws IOException {
    int regions = Integer.parseInt(args[1]);
    long size = Long.parseLong(args[2]);
    long pages = size / 4096;
    try (Recording recording = new Recording()) {
      recording.enable("jdk.JVMInformation");
      recording.start();
      Recordings.process(5_000, 0, 0).commit();
      for (int id = 1; id <= regions; id++) {
        allocate(id, size, pages);
        if (id % 2 == 0) {
          Recordings.free(id, size, 1_000, pages, pages * FAULT_NANOS).commit();
        }
      }
      Recordings.process(10_000 + regions * pages, 0, 0).commit();
      recording.stop();
      recording.dump(Path.of(args[0]));
    }
  }

  private static void allocate(int id, long size, long pages) {
    Recordings.allocation(id, size, pages, pages * FAULT_NANOS).commit();
  }
}
