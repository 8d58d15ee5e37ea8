package io.pfagent.jvm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Has a method compiled that inlines three calls deep, and prints {@code inlined as Throwable says}
 * once the code map tells the same frames and lines as a Throwable does; otherwise what it tells.
 */
final class InlinedProcess {

  private static final int MOST_ROUNDS = 200;
  private static final int CALLS_PER_ROUND = 100_000;

  private static int[] table;
  private static int index;
  private static StackTraceElement[] truth;

  private InlinedProcess() {}

  public static void main(String[] args) throws Exception {
    try {
      outer(0);
    } catch (NullPointerException withoutTable) {
      truth = withoutTable.getStackTrace();
    }
    table = new int[1024];
    try (CodeMap map = CodeMap.load()) {
      check(map.capability().available(), map.capability().toString());
      Set<String> chains = new TreeSet<>();
      for (int round = 0; round < MOST_ROUNDS; round++) {
        for (int i = 0; i < CALLS_PER_ROUND; i++) {
          outer(i);
        }
        chains = chains(map);
        if (chains.contains(trueChain())) {
          chains.forEach(InlinedProcess::checkChain);
          reopen(map);
          System.out.println("inlined as Throwable says");
          return;
        }
      }
      throw new AssertionError("expected " + trueChain() + ", found " + chains);
    }
  }

  static int outer(int i) {
    return 1 + middle(i);
  }

  private static int middle(int i) {
    int masked = i & 1023;
    return 2 + inner(masked);
  }

  /** A call is the first bytecode of its line. */
  private static int inner(int i) {
    index = i;
    leaf();
    return 3;
  }

  private static void leaf() {
    table[index]++;
  }

  /** What the code map finds at the pcs of {@link #outer}, as {@code leaf:62 inner:58 ...}. */
  private static Set<String> chains(CodeMap map) throws Exception {
    Set<String> chains = new TreeSet<>();
    JavaFrames frames = new JavaFrames(32);
    for (AddressRange code : compiled(map, "Lio/pfagent/jvm/InlinedProcess;::outer"::equals)) {
      for (long pc = code.start(); pc < code.end(); pc++) {
        frames.clear();
        if (map.frames(pc, PcKind.CURRENT, System.nanoTime(), frames) > 0) {
          chains.add(chain(map, frames));
        }
      }
    }
    return chains;
  }

  private static String chain(CodeMap map, JavaFrames frames) {
    List<String> chain = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      MethodName method = map.method(frames.method(i));
      boolean outermost = i == frames.size() - 1;
      check(method.className().equals(InlinedProcess.class.getName()), "another class: " + method);
      check(method.sourceFile().equals("InlinedProcess.java"), "another file: " + method);
      check(
          method.descriptor().equals(method.methodName().equals("leaf") ? "()V" : "(I)I"),
          "another descriptor: " + method);
      check(
          frames.type(i) == (outermost ? FrameType.COMPILED : FrameType.INLINED),
          "frame " + i + " of " + frames.size() + " is " + frames.type(i));
      check(frames.line(i) == -1 || frames.bci(i) >= 0, "a line without bci");
      chain.add(method.methodName() + ":" + frames.line(i));
    }
    return String.join(" ", chain);
  }

  /** As Throwable saw it, without the frames outside. */
  private static String trueChain() {
    List<String> chain = new ArrayList<>();
    for (StackTraceElement element : List.of(truth).subList(0, 4)) {
      chain.add(element.getMethodName() + ":" + element.getLineNumber());
    }
    return String.join(" ", chain);
  }

  /** Whatever the pc, callers stand where they call: a chain is the end of the whole one. */
  private static void checkChain(String chain) {
    List<String> whole = List.of(trueChain().split(" ", -1));
    List<String> found = List.of(chain.split(" ", -1));
    check(found.size() <= whole.size(), chain);
    List<String> callers = found.subList(1, found.size());
    check(whole.subList(whole.size() - callers.size(), whole.size()).equals(callers), chain);
  }

  private static void reopen(CodeMap map) {
    check(!CodeMap.load().capability().available(), "two maps at once");
    map.close();
    map.close();
    check(map.counts().equals(CodeCounts.NONE), "a closed map counts");
    check(map.method(1).equals(MethodName.UNKNOWN), "a closed map has names");
    try (CodeMap second = CodeMap.load()) {
      check(second.capability().available(), second.capability().toString());
      check(second.counts().methods() > 0, "the second map is empty");
      check(second.counts().stubs() > 0, "the second map has no stubs");
    }
  }

  /** Where code of such a name lies, by way of the perf map. */
  static List<AddressRange> compiled(CodeMap map, Predicate<String> symbol) throws Exception {
    Path file = Files.createTempFile("code", ".map");
    try {
      map.startPerfMap(file);
      map.stopPerfMap();
      List<AddressRange> found = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split(" ", 3);
        if (symbol.test(parts[2])) {
          long start = Long.parseLong(parts[0], 16);
          found.add(new AddressRange(start, start + Long.parseLong(parts[1], 16)));
        }
      }
      return found;
    } finally {
      Files.delete(file);
    }
  }

  static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}
