package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.pfagent.kernel.FaultRing;
import io.pfagent.kernel.FreshPages;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** One sample, walked as it is and as it would be had it been taken otherwise. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class StackEndsTest {

  private static final int PAGES = 16;
  private static final int STACK_BYTES = 48 * 1024;
  private static final int RING_BYTES = 4 << 20;
  private static final int REGISTERS = 17;

  /** Where the program counter lies in a sample: PERF_REG_X86_IP. */
  private static final int PC = 8 * Long.BYTES;

  private static final long NO_CODE = 1;

  private final Map<StackEnd, PhysicalStack> walked = new EnumMap<>(StackEnd.class);

  @Test
  void tellsHowEachWalkEnded() {
    String denial = FaultRing.denial();
    assumeTrue(denial.isEmpty(), denial);
    try (CodeMap code = CodeMap.load();
        StackUnwinder unwinder = UnloadedClasses.unwinder(code)) {
      assumeTrue(unwinder.capability().available(), unwinder.capability().reason());
      FreshPages pages = FreshPages.of(PAGES);
      long mask = unwinder.registerMask();
      try (FaultRing ring = FaultRing.ofFaults(mask, STACK_BYTES, RING_BYTES)) {
        ring.enable();
        for (int i = 0; i < PAGES; i++) {
          pages.memory().put(i * 4096, (byte) 1);
        }
        ring.disable();
        ring.drain(
            (tid, nanoTime, address, registers, stack, bytes) -> {
              if (pages.contains(address)) {
                walk(unwinder, registers, stack, bytes, nanoTime);
              }
            });
      }
    }
    PhysicalStack whole = walked.get(StackEnd.COMPLETE);
    assertThat(walked)
        .containsOnlyKeys(
            StackEnd.COMPLETE,
            StackEnd.TRUNCATED,
            StackEnd.GUESSED,
            StackEnd.BAD_PC,
            StackEnd.TOO_DEEP);
    assertIsHeadOf(walked.get(StackEnd.TRUNCATED), whole);
    assertIsHeadOf(walked.get(StackEnd.TOO_DEEP), whole);
    PhysicalStack bad = walked.get(StackEnd.BAD_PC);
    assertThat(bad.size()).isEqualTo(1);
    assertThat(bad.pc(0)).isEqualTo(NO_CODE);
    assertStandsAlone(walked.get(StackEnd.GUESSED));
  }

  private void walk(StackUnwinder unwinder, long registers, long stack, int bytes, long nanoTime) {
    try (Memory lost = new Memory(REGISTERS * Long.BYTES)) {
      lost.write(0, new Pointer(registers).getLongArray(0, REGISTERS), 0, REGISTERS);
      lost.setLong(PC, NO_CODE);
      long other = Pointer.nativeValue(lost);
      keep(unwinder, registers, stack, bytes, nanoTime, 1024);
      keep(unwinder, registers, stack, bytes / 64 & -Long.BYTES, nanoTime, 1024);
      keep(unwinder, registers, stack, bytes, nanoTime, 3);
      keep(unwinder, other, stack, bytes, nanoTime, 1024);
      keep(unwinder, other, stack, 0, nanoTime, 1024);
    }
  }

  private void keep(
      StackUnwinder unwinder, long registers, long stack, int bytes, long nanoTime, int most) {
    PhysicalStack out = new PhysicalStack(most);
    unwinder.unwind(registers, stack, bytes, nanoTime, out);
    walked.put(out.end(), out);
  }

  private static void assertIsHeadOf(PhysicalStack head, PhysicalStack whole) {
    assertThat(head.size()).isPositive().isLessThan(whole.size());
    for (int i = 0; i < head.size(); i++) {
      assertThat(head.pc(i)).isEqualTo(whole.pc(i));
    }
  }

  /** No frame of a guess is where the thread was: the guess is all there is. */
  private static void assertStandsAlone(PhysicalStack guess) {
    assertThat(guess.size()).isPositive();
    for (int i = 0; i < guess.size(); i++) {
      assertThat(guess.pc(i)).isNotEqualTo(NO_CODE);
      assertThat(guess.pcKind(i)).isNotEqualTo(PcKind.CURRENT);
    }
  }
}
