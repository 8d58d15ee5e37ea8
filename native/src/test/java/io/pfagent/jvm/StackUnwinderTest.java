package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The unwinder on real JVMs, a short while each; src/test/unwind goes on for longer. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class StackUnwinderTest {

  private static final double RIGHT_PERCENT = 99.9;
  private static final double INCOMPLETE_PERCENT = 3;

  /** At any moment, a thread may also be in the JVM's own rebuilding of frames. */
  private static final double MOMENTS_PERCENT = 99.5;

  /** The interpreter calls Object.clone, in which most of what is only guessed was caught. */
  private static final double INTERPRETED_MOMENTS_PERCENT = 99;

  private static final Pattern MOMENTS = Pattern.compile("any moment ([0-9.]+) of (\\d+)");
  private static final int FEWEST_SAMPLES = 500;
  private static final Pattern PHYSICAL = Pattern.compile("physical ([0-9.]+) of (\\d+)");
  private static final Pattern CHURNED =
      Pattern.compile("incomplete ([0-9.]+) wrong (\\d+) of (\\d+)");

  private static final Pattern VIRTUAL = Pattern.compile("whole (\\d+) heads (\\d+) of (\\d+)");

  static List<Path> homes() throws IOException {
    return ForkedJvm.homes();
  }

  static List<Arguments> homesAndOptions() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (Path home : homes()) {
      List<String> options =
          new ArrayList<>(
              List.of(
                  "-Xmixed",
                  "-Xint",
                  "-Xcomp",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:-TieredCompilation",
                  "-XX:+UseSerialGC",
                  "-XX:+UseParallelGC",
                  "-XX:+UseZGC"));
      if (ForkedJvm.feature(home) >= 25) {
        options.add("-XX:+UseCompactObjectHeaders");
      }
      options.forEach(option -> all.add(Arguments.of(home, option)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("homesAndOptions")
  void walksWhatThrowableTellsOn(Path home, String option) throws Exception {
    assumeSampling();
    String output =
        ForkedJvm.of(home)
            .option(option)
            .option("-XX:+UnlockDiagnosticVMOptions")
            .option("-XX:+ShowHiddenFrames") // a walk has no reason to hide them
            .run(KnownStacksProcess.class, "60", "4000");

    Matcher physical = PHYSICAL.matcher(output);
    assertThat(physical.find()).as(output).isTrue();
    assertThat(Double.parseDouble(physical.group(1))).as(output).isGreaterThan(RIGHT_PERCENT);
    assertThat(Integer.parseInt(physical.group(2))).as(output).isGreaterThan(FEWEST_SAMPLES);
  }

  @ParameterizedTest
  @MethodSource("homesAndOptions")
  void walksWhateverIsInterruptedOn(Path home, String option) throws Exception {
    assumeSampling();
    String output =
        ForkedJvm.of(home)
            .option(option)
            .option("-XX:+UnlockDiagnosticVMOptions")
            .option("-XX:+ShowHiddenFrames")
            .run(AnyMomentProcess.class, "2000");

    Matcher moments = MOMENTS.matcher(output);
    assertThat(moments.find()).as(output).isTrue();
    assertThat(Double.parseDouble(moments.group(1)))
        .as(output)
        .isGreaterThan(option.equals("-Xint") ? INTERPRETED_MOMENTS_PERCENT : MOMENTS_PERCENT);
  }

  @ParameterizedTest
  @MethodSource("homes")
  void givesNoWrongNameWhileClassesComeAndGoOn(Path home) throws Exception {
    assumeSampling();
    String output =
        ForkedJvm.of(home)
            .option("-Xmx512m")
            .option("-XX:ReservedCodeCacheSize=16m")
            .option("-XX:+UnlockDiagnosticVMOptions")
            .option("-XX:+ShowHiddenFrames")
            .option("-XX:+EnableDynamicAgentLoading")
            .option("-Djdk.attach.allowAttachSelf=true")
            .run(ChurnedStacksProcess.class, "8");

    Matcher churned = CHURNED.matcher(output);
    assertThat(churned.find()).as(output).isTrue();
    assertThat(Double.parseDouble(churned.group(1))).as(output).isLessThan(INCOMPLETE_PERCENT);
    assertThat(Integer.parseInt(churned.group(2))).as(output).isZero();
    assertThat(Integer.parseInt(churned.group(3))).as(output).isGreaterThan(FEWEST_SAMPLES);
  }

  @ParameterizedTest
  @MethodSource("homes")
  void tellsTheOnStackPartOfVirtualThreadsOn(Path home) throws Exception {
    assumeSampling();
    assumeTrue(ForkedJvm.feature(home) >= 21, "virtual threads came with 21");
    Matcher running = VIRTUAL.matcher(virtualThreads(home, "false"));
    assertThat(running.find()).isTrue();
    assertThat(running.group(1)).isEqualTo(running.group(3));
    assertThat(Integer.parseInt(running.group(3))).isGreaterThan(FEWEST_SAMPLES);

    Matcher parked = VIRTUAL.matcher(virtualThreads(home, "true"));
    assertThat(parked.find()).isTrue();
    int whole = Integer.parseInt(parked.group(1));
    int heads = Integer.parseInt(parked.group(2));
    assertThat(heads).isPositive();
    assertThat(whole + heads).isEqualTo(Integer.parseInt(parked.group(3)));
  }

  private static String virtualThreads(Path home, String parked) throws Exception {
    return ForkedJvm.of(home)
        .option("-XX:+UnlockDiagnosticVMOptions")
        .option("-XX:+ShowHiddenFrames")
        .run(VirtualStacksProcess.class, "1000", parked);
  }

  @Test
  void worksHereAndOnceMoreAfterItWasClosed() {
    for (int i = 0; i < 2; i++) {
      try (CodeMap code = CodeMap.load();
          StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
        assumeTrue(unwinder.capability().available(), unwinder.capability().reason());
        assertThat(unwinder.registerMask()).isEqualTo(0xff01ffL);
        PhysicalStack stack = new PhysicalStack(1024);
        unwinder.unwindSelf(stack);
        assertThat(stack.end()).isIn(StackEnd.COMPLETE, StackEnd.TRUNCATED);
        assertThat(names(stack, code)).contains(getClass().getName());
      }
    }
  }

  @Test
  void stacksAreEqualIfTheirFramesAre() {
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      assumeTrue(unwinder.capability().available(), unwinder.capability().reason());
      PhysicalStack stack = new PhysicalStack(1024);
      PhysicalStack cut = new PhysicalStack(2);
      unwinder.unwindSelf(stack);
      unwinder.unwindSelf(cut);

      assertThat(stack.copy()).isEqualTo(stack).hasSameHashCodeAs(stack).isNotEqualTo(cut);
      assertThat(cut.end()).isEqualTo(StackEnd.TOO_DEEP);
      assertThat(cut.size()).isEqualTo(2);
    }
  }

  @Test
  void stacksDifferIfCodeWasCompiledAnewAtTheSameAddress() {
    PhysicalStack stack = ofOneCompiledFrame(7);
    assertThat(stack.compileId(0)).isEqualTo(7);
    assertThat(stack.method(0)).isZero();
    assertThat(stack).isEqualTo(ofOneCompiledFrame(7)).isNotEqualTo(ofOneCompiledFrame(8));
    assertThat(stack.hashCode()).isNotEqualTo(ofOneCompiledFrame(8).hashCode());
  }

  /** Pc 4096 and a compile id, as native code writes them. */
  private static PhysicalStack ofOneCompiledFrame(int compileId) {
    PhysicalStack stack = new PhysicalStack(1);
    stack.data()[3] = 4096;
    stack.data()[4] = -1L << 32 | compileId;
    stack.data()[5] = 0xffff_ffffL;
    stack.filled(1);
    return stack;
  }

  @Test
  void namesCompiledCodeByItsCompileIdAndNoOther() {
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      assumeTrue(unwinder.capability().available(), unwinder.capability().reason());
      PhysicalStack stack = new PhysicalStack(1024);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      int frame = -1;
      while (frame < 0) {
        assertThat(System.nanoTime()).as("compiled in time").isLessThan(deadline);
        unwindBelow(20, unwinder, stack);
        frame = firstNamedCompiled(stack, code);
      }
      assertThat(stack.compileId(frame)).isPositive();
      assertThat(framesOf(stack, frame, stack.compileId(frame) + 1, code)).isZero();
      assertThat(framesOf(stack, frame, JavaCode.COMPILE_ID_NONE, code)).isZero();
      assertThat(framesOf(stack, frame, JavaCode.COMPILE_ID_UNKNOWN, code)).isPositive();
    }
  }

  private static void unwindBelow(int depth, StackUnwinder unwinder, PhysicalStack stack) {
    if (depth == 0) {
      unwinder.unwindSelf(stack);
    } else {
      unwindBelow(depth - 1, unwinder, stack);
    }
  }

  /** Or -1. */
  private static int firstNamedCompiled(PhysicalStack stack, CodeMap code) {
    for (int i = 0; i < stack.size(); i++) {
      if (stack.type(i) == FrameType.COMPILED && framesOf(stack, i, stack.compileId(i), code) > 0) {
        return i;
      }
    }
    return -1;
  }

  private static int framesOf(PhysicalStack stack, int frame, int compileId, CodeMap code) {
    return code.frames(
        stack.pc(frame),
        stack.pcKind(frame),
        compileId,
        false,
        System.nanoTime(),
        new JavaFrames(100));
  }

  @Test
  void refusesAReleaseThatIsNotProven() {
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = StackUnwinder.open(code, () -> 0, Set.of(16L))) {
      assertThat(unwinder.capability().available()).isFalse();
      assertThat(unwinder.capability().reason())
          .contains("HotSpot 16", "this is " + Runtime.version().feature());
      PhysicalStack stack = new PhysicalStack(10);
      unwinder.unwind(0, 0, 0, System.nanoTime(), stack);
      assertThat(stack.size()).isZero();
    }
  }

  @Test
  void refusesToWorkWithoutTheCodeMap() {
    CodeMap closed = CodeMap.load();
    try (CodeMap other = CodeMap.load();
        StackUnwinder unwinder = StackUnwinder.open(other, () -> 0)) {
      assertThat(unwinder.capability().available()).isFalse();
      assertThat(unwinder.capability().fallback()).contains("frame pointers");
    } finally {
      closed.close();
    }
  }

  private static void assumeSampling() {
    String denial = FaultRing.denial();
    assumeTrue(denial.isEmpty(), denial);
  }

  private static String names(PhysicalStack stack, CodeMap code) {
    JavaFrames frames = new JavaFrames(4096);
    stack.expand(code, System.nanoTime(), frames);
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < frames.size(); i++) {
      names.append(code.method(frames.method(i)).className()).append('\n');
    }
    return names.toString();
  }
}
