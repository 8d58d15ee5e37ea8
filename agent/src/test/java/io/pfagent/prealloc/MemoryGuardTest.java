package io.pfagent.prealloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.kernel.MemoryHeadroom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the guard decides, by what the machine or a group has left. */
class MemoryGuardTest {

  private static final long MB = 1 << 20;
  private static final long GB = 1024 * MB;
  private static final long TOTAL = 16 * GB;

  /** One part in sixteen. */
  private static final long RESERVE = GB;

  private final AtomicReference<MemoryHeadroom> left = new AtomicReference<>();
  private final MemoryGuard guard = new MemoryGuard(left::get);

  @Test
  void theReserveIsLeftAlone() {
    leave(RESERVE + 100 * MB, TOTAL);

    assertThat(guard.spareBytes()).isEqualTo(100 * MB);
    assertThat(guard.allows(100 * MB)).isTrue();
    assertThat(guard.allows(100 * MB + 1)).isFalse();
  }

  @Test
  void nothingIsAllowedNearExhaustion() {
    leave(RESERVE - 1, TOTAL);

    assertThat(guard.allows(0)).isFalse(); // for which preallocation is stopped
    assertThat(guard.allows(4096)).isFalse();
  }

  @Test
  void aSmallLimitKeepsMoreThanItsShare() {
    leave(100 * MB, 128 * MB);

    assertThat(guard.spareBytes()).isEqualTo(36 * MB);
  }

  @Test
  void memoryThatHasBecomeShortIsNoticedAtTheNextLook() {
    leave(8 * GB, TOTAL);
    assertThat(guard.allows(GB)).isTrue();

    leave(RESERVE + MB, TOTAL);
    assertThat(guard.allows(2 * MB)).isFalse();
    assertThat(guard.allows(MB)).isTrue();
  }

  @Test
  void nothingIsRefusedWhereNothingIsKnown() {
    leave(Long.MAX_VALUE, Long.MAX_VALUE);

    assertThat(guard.allows(Long.MAX_VALUE)).isTrue();
    assertThat(guard.spareBytes()).isEqualTo(Long.MAX_VALUE);
  }

  private void leave(long availableBytes, long limitBytes) {
    left.set(new MemoryHeadroom(availableBytes, limitBytes));
    guard.refresh();
  }
}
