package io.pfagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file to swap to, for as long as it is open. */
final class SwapFile implements AutoCloseable {

  private static final byte[] NOTHING = new byte[1 << 20];

  private final Path file;

  private SwapFile(Path file) {
    this.file = file;
  }

  /** Switches one on, or skips the test and says why. */
  static SwapFile on(Path file, long bytes) throws IOException {
    assumeTrue(OrdinaryUser.isRoot(), "skipped: to swap to a file takes root");
    // Written, for a file with holes is refused.
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      for (long written = 0; written < bytes; written += NOTHING.length) {
        content.write(NOTHING);
      }
    }
    boolean done = run("mkswap", file.toString()) && run("swapon", file.toString());
    assumeTrue(done, "skipped: this system doesn't swap to a file");
    return new SwapFile(file);
  }

  boolean isOn() throws IOException {
    return Files.readString(Path.of("/proc/swaps")).contains(file.toString());
  }

  @Override
  public void close() throws IOException {
    if (!run("swapoff", file.toString())) {
      throw new IOException("swapoff " + file + " failed; it is still on");
    }
    Files.delete(file);
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }
}
