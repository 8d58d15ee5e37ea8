package io.pfagent.jvm;

import io.pfagent.kernel.Capability;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The map of compiled code that {@code libpfagent.so} keeps from JVMTI's events
 * (CompiledMethodLoad, CompiledMethodUnload, DynamicCodeGenerated): with inlined methods, lines and
 * stubs. The application's threads run none of it, but when a stub is generated.
 *
 * <p>A method is found by pc, time and compile id, because code of another may lie there before and
 * after. Load events come late, so a pc is found too that was sampled up to 3 s before its load
 * event; unloaded methods stay findable for 3 s. Where the compile id does not decide, and two may
 * have been there at the time, neither is found.
 *
 * <p>In a compiled method, a return address has exact debug information, and so has any pc where
 * the JVM may stop. Elsewhere what follows next is taken, which may be an inlined neighbour, and
 * nothing where a leaf call returns; the compiled method itself is always right.
 */
public final class CodeMap implements JavaCode {

  private static final String NAME = "code-map";
  private static final String FALLBACK =
      "the JVM's compilerPerfmap: methods without inlined ones, without lines";

  private static final long MOST_BYTES = 64L * 1024 * 1024;
  private static final int MOST_CACHED_NAMES = 65_536;

  private final Capability capability;
  private final Map<Integer, MethodName> names = new LeastRecentlyUsed();
  private volatile boolean open;

  private CodeMap(Capability capability) {
    this.capability = capability;
    this.open = capability.available();
  }

  /** As {@link #load(long)}, with 64 MB. */
  public static CodeMap load() {
    return load(MOST_BYTES);
  }

  /**
   * Loads the library, if this class loader has not yet, and begins to take events. What was
   * compiled before is there on return. At most one per class loader is open at a time.
   *
   * @param mostBytes of memory outside the Java heap. When it is used up, unloaded methods go
   *     first, then inlining is no longer kept for new ones.
   * @return a map, of which {@link #capability()} says whether it works; where it doesn't, nothing
   *     is found
   */
  public static CodeMap load(long mostBytes) {
    String refusal = CodeMapLibrary.open(mostBytes);
    return new CodeMap(
        refusal.isEmpty()
            ? new Capability(NAME, true, "", "")
            : new Capability(NAME, false, refusal, FALLBACK));
  }

  /** Whether the map works here. */
  public Capability capability() {
    return capability;
  }

  @Override
  public List<Capability> capabilities() {
    return List.of(capability);
  }

  @Override
  public int frames(
      long pc, PcKind kind, int compileId, boolean tooLate, long nanoTime, JavaFrames out) {
    if (!open) {
      return 0;
    }
    int added =
        CodeMapLibrary.frames(
            pc, kind.code(), compileId, tooLate, nanoTime, out.data(), out.size(), out.room());
    out.added(added);
    return added;
  }

  @Override
  public MethodName method(int id) {
    if (!open) {
      return MethodName.UNKNOWN;
    }
    synchronized (names) {
      MethodName known = names.get(id);
      if (known == null) {
        String[] parts = new String[4];
        if (!CodeMapLibrary.method(id, parts)) {
          return MethodName.UNKNOWN;
        }
        known = MethodName.ofSignature(parts[0], parts[1], parts[2], parts[3]);
        names.put(id, known);
      }
      return known;
    }
  }

  @Override
  public CodeCounts counts() {
    if (!open) {
      return CodeCounts.NONE;
    }
    long[] counts = new long[9];
    CodeMapLibrary.count(counts);
    return new CodeCounts(
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7],
        counts[8]);
  }

  /** Where {@code perf} looks for this process's map: {@code /tmp/perf-PID.map}. */
  public static Path perfMapFile() {
    return Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map");
  }

  /**
   * Writes a perf map: all code of now, then each load as it comes. The file is readable for this
   * user only. When 64 MB are written it begins anew, without what was unloaded. An error while
   * writing (a full disk) ends it.
   *
   * @param file a new file, or a regular one of this user, which is overwritten
   * @throws IOException if the file can't be opened or written, or one is being written already
   */
  public void startPerfMap(Path file) throws IOException {
    if (!open) {
      throw new IOException("no perf map without the code map: " + reasonItIsNotOpen());
    }
    String refusal =
        CodeMapLibrary.startPerfMap(file.toAbsolutePath().toString().getBytes(fileNameCharset()));
    if (refusal != null) {
      throw new IOException(
          "cannot write the perf map "
              + file
              + " ("
              + refusal
              + "); it must be a new file, or a regular file of this user");
    }
  }

  /** Ends the writing of the perf map; the file stays. */
  public void stopPerfMap() {
    if (open) {
      CodeMapLibrary.stopPerfMap();
    }
  }

  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      CodeMapLibrary.close();
    }
  }

  private String reasonItIsNotOpen() {
    return capability.available() ? "it is closed" : capability.reason();
  }

  /** That of the JDK's own file names. */
  private static Charset fileNameCharset() {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
  }

  private static final class LeastRecentlyUsed extends LinkedHashMap<Integer, MethodName> {
    LeastRecentlyUsed() {
      super(1024, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, MethodName> eldest) {
      return size() > MOST_CACHED_NAMES;
    }
  }
}
