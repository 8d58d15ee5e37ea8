package io.pfagent.jvm;

import java.nio.file.Path;

/** Works in one method while a perf map is written; prints where that is. */
final class SpinProcess {

  private static final int ROUNDS = 500;

  private SpinProcess() {}

  public static void main(String[] args) throws Exception {
    Path file = CodeMap.perfMapFile();
    System.out.println(file);
    try (CodeMap map = CodeMap.load()) {
      map.startPerfMap(file);
      long sum = 0;
      for (int i = 0; i < ROUNDS; i++) {
        sum += spin(i);
      }
      if (sum == 42) {
        System.out.println(sum);
      }
    }
  }

  private static long spin(int seed) {
    long value = seed;
    for (int i = 0; i < 1_000_000; i++) {
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return value;
  }
}
