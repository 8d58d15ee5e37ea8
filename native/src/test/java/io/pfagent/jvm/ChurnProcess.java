package io.pfagent.jvm;

import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Compiles and unloads the same class in many loaders, while another thread looks up all over the
 * code cache. Prints what came of it.
 */
final class ChurnProcess {

  private static final int LOADERS_PER_COLLECTION = 100;
  private static final int MOST_ROUNDS = 100;

  private ChurnProcess() {}

  /** What is loaded again and again; small, so that it is compiled with few calls. */
  public static final class Churned implements Runnable {
    private int sum;

    @Override
    public void run() {
      for (int i = 0; i < 2000; i++) {
        sum = step(sum, i);
      }
    }

    private static int step(int value, int i) {
      return value * 31 + i;
    }
  }

  public static void main(String[] args) throws Exception {
    int loaders = Integer.parseInt(args[0]);
    byte[] classFile = classFile();
    AddressRange codeCache = JvmLayout.read().codeCache().orElseThrow();
    try (CodeMap map = CodeMap.load()) {
      LookUps lookUps = new LookUps(map, codeCache);
      Thread thread = new Thread(lookUps, "look-ups");
      thread.start();
      for (int i = 1; i <= loaders; i++) {
        new OneClassLoader(classFile).run();
        if (i % LOADERS_PER_COLLECTION == 0) {
          System.gc();
        }
      }
      lookUps.stop();
      thread.join();
      lookUps.failure.get().ifPresent(failure -> System.out.println("failed: " + failure));
      System.out.println(difference(map));
      CodeCounts counts = map.counts();
      System.out.printf(
          "loads %d, unloads %d, dropped %d, bytes %d, found %d%n",
          counts.loads(), counts.unloads(), counts.dropped(), counts.bytes(), lookUps.found.get());
    }
  }

  /**
   * What the map holds against what the JVM says it has. Events are on their way for a while, so it
   * asks again; code that comes or goes while it asks belongs to neither.
   */
  private static String difference(CodeMap map) throws Exception {
    String difference = "";
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Set<String> before = compiledSaysJvm();
      Set<String> held = compiledSaysMap(map);
      Set<String> after = compiledSaysJvm();
      Set<String> stale = new TreeSet<>(held);
      stale.removeAll(before);
      stale.removeAll(after);
      Set<String> missing = new TreeSet<>(before);
      missing.retainAll(after);
      missing.removeAll(held);
      if (stale.isEmpty() && missing.isEmpty() && !held.isEmpty()) {
        return "holds what the JVM has";
      }
      difference = "stale " + stale + ", missing " + missing;
    }
    return difference;
  }

  private static Set<String> compiledSaysJvm() throws Exception {
    Set<String> code = new TreeSet<>();
    for (String line : PerfmapCommand.lines()) {
      String[] parts = line.split(" ", 3);
      if (!PerfmapFile.name(parts[2]).className().isEmpty()) {
        code.add(Long.decode(parts[0]) + "+" + Long.decode(parts[1]));
      }
    }
    return code;
  }

  private static Set<String> compiledSaysMap(CodeMap map) throws Exception {
    Set<String> code = new TreeSet<>();
    for (AddressRange range : InlinedProcess.compiled(map, symbol -> symbol.contains("::"))) {
      code.add(range.start() + "+" + range.size());
    }
    return code;
  }

  private static byte[] classFile() throws Exception {
    String resource = Churned.class.getName().replace('.', '/') + ".class";
    try (InputStream in = ChurnProcess.class.getClassLoader().getResourceAsStream(resource)) {
      return in.readAllBytes();
    }
  }

  private static final class OneClassLoader extends ClassLoader {
    private final Class<?> churned;

    OneClassLoader(byte[] classFile) {
      super(ChurnProcess.class.getClassLoader());
      churned = defineClass(Churned.class.getName(), classFile, 0, classFile.length);
    }

    void run() throws ReflectiveOperationException {
      ((Runnable) churned.getConstructor().newInstance()).run();
    }
  }

  /** Of any pc, the frames must have names, and the last one must be the compiled method. */
  private static final class LookUps implements Runnable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong found = new AtomicLong();
    private final AtomicReference<Optional<String>> failure =
        new AtomicReference<>(Optional.empty());
    private final CodeMap map;
    private final AddressRange codeCache;

    LookUps(CodeMap map, AddressRange codeCache) {
      this.map = map;
      this.codeCache = codeCache;
    }

    void stop() {
      stopped.set(true);
    }

    @Override
    public void run() {
      JavaFrames frames = new JavaFrames(64);
      long stride = 97;
      while (!stopped.get()) {
        for (long pc = codeCache.start(); pc < codeCache.end() && !stopped.get(); pc += stride) {
          frames.clear();
          if (map.frames(
                  pc, (pc & 1) != 0 ? PcKind.RETURN : PcKind.CURRENT, System.nanoTime(), frames)
              > 0) {
            found.incrementAndGet();
            check(frames);
          }
        }
      }
    }

    private void check(JavaFrames frames) {
      for (int i = 0; i < frames.size(); i++) {
        MethodName name = map.method(frames.method(i));
        boolean inlined = frames.type(i) == FrameType.INLINED;
        if (name.equals(MethodName.UNKNOWN) || inlined == (i == frames.size() - 1)) {
          failure.set(Optional.of(frames.type(i) + " " + name));
        }
      }
    }
  }
}
