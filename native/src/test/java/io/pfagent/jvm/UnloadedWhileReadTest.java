package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A sample of this thread's stack, walked while classes are said to be unloaded, or not. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class UnloadedWhileReadTest {

  private static final int STACK_BYTES = 48 * 1024;
  private static final int RING_BYTES = 1 << 20;

  private final AtomicInteger unloads = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final PhysicalStack stack = new PhysicalStack(1024);
  private boolean unloadsWheneverAsked;

  @Test
  void interpretedFramesHaveNamesIfNoneWas() {
    ofOneSample(
        walk -> {
          walk.run();
          assertThat(interpreted(true)).isPositive();
          assertThat(interpreted(false)).isZero();
        });
  }

  @Test
  void theyHaveNoneIfOneWasWhileTheyWereRead() {
    ofOneSample(
        walk -> {
          unloadsWheneverAsked = true;
          walk.run();
          unloadsWheneverAsked = false;
          walk.run(); // what was read before is forgotten
          assertThat(interpreted(true)).isZero();
          assertThat(interpreted(false)).isPositive();
        });
  }

  @Test
  void namesThatAreOfNoUseToTheWalkThatReadThemAreProvenToo() {
    ofOneSample(
        walk -> {
          unloads.incrementAndGet(); // after the sample: its methods may be gone
          asked.set(0);
          walk.run();
          assertThat(interpreted(true)).isZero();
          assertThat(asked).as("before the names were read, and after").hasValue(2);
        });
  }

  private void ofOneSample(Consumer<Runnable> test) {
    String denial = FaultRing.denial();
    assumeTrue(denial.isEmpty(), denial);
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = StackUnwinder.open(code, this::unloads)) {
      assumeTrue(unwinder.capability().available(), unwinder.capability().reason());
      FreshPages page = FreshPages.of(1);
      try (FaultRing ring = FaultRing.ofFaults(unwinder.registerMask(), STACK_BYTES, RING_BYTES)) {
        ring.enable();
        page.memory().put(0, (byte) 1);
        ring.disable();
        AtomicInteger samples = new AtomicInteger();
        ring.drain(
            (tid, nanoTime, address, registers, copy, bytes) -> {
              if (page.contains(address)) {
                samples.incrementAndGet();
                test.accept(() -> unwinder.unwind(registers, copy, bytes, nanoTime, stack));
              }
            });
        assertThat(samples).hasValue(1);
      }
    }
  }

  private long unloads() {
    asked.incrementAndGet();
    return unloadsWheneverAsked ? unloads.incrementAndGet() : unloads.get();
  }

  private long interpreted(boolean named) {
    long frames = 0;
    for (int i = 0; i < stack.size(); i++) {
      if (stack.type(i) == FrameType.INTERPRETED && stack.method(i) != 0 == named) {
        frames++;
      }
    }
    return frames;
  }
}
