package io.pfagent.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * {@code libpfagent.so}, bound: one native method per function of {@code jni_codemap.c}. They may
 * be called once {@link #open} has succeeded; after {@link #close} they find nothing.
 */
final class CodeMapLibrary {

  // jvmti.h and codemap_jvmti.h
  private static final int BUSY = -1;
  private static final int NO_MEMORY = -2;
  private static final int NO_JVMTI = -3;
  private static final int NOT_AVAILABLE = 98;

  private static boolean loaded;

  private CodeMapLibrary() {}

  /**
   * Begins to take events.
   *
   * @return why not, or the empty string
   */
  static synchronized String open(long mostBytes) {
    try {
      if (!loaded) {
        String refusal = load();
        loaded = refusal.isEmpty();
        if (!loaded) {
          return refusal;
        }
      }
      return refusal(start(mostBytes));
    } catch (LinkageError | RuntimeException failure) {
      return "libpfagent.so does not fit its Java classes: " + failure;
    }
  }

  static synchronized void close() {
    stop();
  }

  /** Writes four ints per frame from frame {@code from} on, {@code most} frames at most. */
  static native int frames(
      long pc,
      int kind,
      int compileId,
      boolean tooLate,
      long nanoTime,
      int[] out,
      int from,
      int most);

  /** Class signature, name, descriptor and source file, null if not known; false: no such id. */
  static native boolean method(int id, String[] parts);

  /** The nine numbers of {@link CodeCounts}, in that order. */
  static native void count(long[] counts);

  /** Why not, or null. */
  static native String startPerfMap(byte[] path);

  static native void stopPerfMap();

  private static native int start(long mostBytes);

  private static native void stop();

  /** The file is gone once it is loaded: nothing is left behind, whatever ends the JVM. */
  private static String load() {
    String resource = System.getProperty("os.arch") + "/libpfagent.so";
    try (InputStream library = CodeMapLibrary.class.getResourceAsStream(resource)) {
      if (library == null) {
        return "libpfagent.so was not built for "
            + System.getProperty("os.name")
            + " on "
            + System.getProperty("os.arch");
      }
      Path file =
          Files.createTempFile(
              "pfagent",
              ".so",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.write(file, library.readAllBytes());
        System.load(file.toString());
        return "";
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UnsupportedOperationException failure) {
      return "libpfagent.so cannot be unpacked: "
          + failure
          + "; name a directory to write to with -Djava.io.tmpdir";
    } catch (UnsatisfiedLinkError failure) {
      return "libpfagent.so cannot be loaded ("
          + failure.getMessage()
          + "); if the directory is mounted noexec, name another with -Djava.io.tmpdir";
    }
  }

  private static String refusal(int error) {
    return switch (error) {
      case 0 -> "";
      case BUSY -> "a code map is open already; close it first";
      case NO_MEMORY -> "no memory for the code map";
      case NO_JVMTI -> "the JVM has no JVMTI";
      case NOT_AVAILABLE -> "the JVM denies JVMTI's events of compiled methods";
      default -> "JVMTI refuses the events of compiled methods with error " + error;
    };
  }
}
