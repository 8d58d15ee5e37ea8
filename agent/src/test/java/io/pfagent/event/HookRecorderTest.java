package io.pfagent.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.FaultCosts;
import io.pfagent.account.Operation;
import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import io.pfagent.boot.PfagentHooks;
import io.pfagent.prealloc.FixedSamples;
import io.pfagent.prealloc.Preallocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Allocation, reallocation and free as the hooks tell them, without a woven class. */
class HookRecorderTest {

  private static final long BASE = 0x7f00_0000_0010L;
  private static final long OTHER = 0x7e00_0000_0010L;
  private static final long MB = 1 << 20;

  private final RegionAccount account = new RegionAccount();

  @BeforeEach
  void install() {
    HookRecorder recorder =
        new HookRecorder(
            account,
            new FaultCosts(100),
            65536,
            false,
            4096,
            Preallocation.open(
                    account, false, new FixedSamples(false), region -> -1, HookRecorderTest::fail)
                .blocks(),
            HookRecorderTest::fail);
    recorder.warmUp();
    PfagentHooks.install(recorder, 65536);
  }

  @AfterEach
  void uninstall() {
    PfagentHooks.uninstall();
  }

  @Test
  void theConstantsOfTheHooksAreTheOperations() {
    assertThat(Operation.values())
        .extracting(Operation::ordinal)
        .containsExactly(
            PfagentHooks.ALLOCATE,
            PfagentHooks.REALLOCATE,
            PfagentHooks.DIRECT_BUFFER,
            PfagentHooks.ARENA,
            PfagentHooks.MAP,
            PfagentHooks.SET,
            PfagentHooks.COPY,
            PfagentHooks.LOAD,
            PfagentHooks.FORCE,
            PfagentHooks.METHOD);
    assertThat(Operation.values())
        .extracting(Operation::name)
        .containsExactly(
            "ALLOCATE",
            "REALLOCATE",
            "DIRECT_BUFFER",
            "ARENA",
            "MAP",
            "SET",
            "COPY",
            "LOAD",
            "FORCE",
            "METHOD");
  }

  @Test
  void aDirectBufferIsOneRegionThoughItAllocatesAndZeroesInside() {
    Object buffer = PfagentHooks.enterSized(PfagentHooks.DIRECT_BUFFER, 0, MB);
    Object inner = PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, MB);
    PfagentHooks.exit(inner, BASE);
    assertThat(PfagentHooks.enterSized(PfagentHooks.SET, BASE, MB)).isNull();
    PfagentHooks.exit(buffer, 0);

    Region region = account.table().find(BASE);
    assertThat(region.kind()).isEqualTo(RegionKind.DIRECT_BUFFER);
    assertThat(region.size()).isEqualTo(MB);
    assertThat(account.table().regionCount()).isEqualTo(1);

    PfagentHooks.free(BASE);
    assertThat(account.table().regionCount()).isZero();
  }

  @Test
  void aPageAlignedDirectBufferStartsAtItsFirstWholePage() {
    Object buffer = PfagentHooks.enterSized(PfagentHooks.DIRECT_BUFFER, 0, MB);
    PfagentHooks.exit(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, MB + 4096), BASE);
    PfagentHooks.exit(buffer, 0);

    Region region = account.table().find(BASE);
    assertThat(region.address()).isEqualTo(0x7f00_0000_1000L);
    assertThat(region.base()).isEqualTo(BASE);
    assertThat(region.size()).isEqualTo(MB);
  }

  @Test
  void anAllocationThatFailsLeavesNoRegion() {
    Object buffer = PfagentHooks.enterSized(PfagentHooks.DIRECT_BUFFER, 0, MB);
    PfagentHooks.exit(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, MB), 0);
    PfagentHooks.exit(buffer, 0);
    PfagentHooks.exit(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, MB), 0);

    assertThat(account.table().regionCount()).isZero();
  }

  @Test
  void aReallocationMovesTheRegion() {
    allocate(BASE, MB);
    PfagentHooks.exit(PfagentHooks.enterReallocate(BASE, 2 * MB), OTHER);

    assertThat(account.table().find(BASE)).isNull();
    assertThat(account.table().find(OTHER).size()).isEqualTo(2 * MB);
    assertThat(account.table().find(OTHER).id()).isEqualTo(2);
  }

  @Test
  void aReallocationThatFailsLeavesTheRegionAsItWas() {
    Region before = allocate(BASE, MB);
    PfagentHooks.exit(PfagentHooks.enterReallocate(BASE, 2 * MB), 0);

    assertThat(account.table().find(BASE)).isSameAs(before);
    assertThat(before.isFreed()).isFalse();
    PfagentHooks.free(BASE);
    assertThat(before.isFreed()).isTrue();
  }

  @Test
  void aReallocationToNothingOrLittleEndsTheRegion() {
    allocate(BASE, MB);
    PfagentHooks.exit(PfagentHooks.enterReallocate(BASE, 0), 0);
    assertThat(account.table().regionCount()).isZero();

    allocate(BASE, MB);
    PfagentHooks.exit(PfagentHooks.enterReallocate(BASE, 100), BASE);
    assertThat(account.table().regionCount()).isZero();
  }

  @Test
  void aMappingTellsItsBaseAndWhereTheFileStarts() {
    Object map = PfagentHooks.enterMap(MB, "/data/index");
    PfagentHooks.mapped(0x7d00_0000_0000L, 1234);
    PfagentHooks.exit(map, 0);

    Region region = account.table().find(0x7d00_0000_0000L);
    assertThat(region.kind()).isEqualTo(RegionKind.MAPPED_FILE);
    assertThat(region.address()).isEqualTo(0x7d00_0000_0000L + 1234);
    assertThat(region.path()).isEqualTo("/data/index");
    assertThat(account.table().tracks(0x7d00_0000_0000L)).isTrue();
  }

  @Test
  void anArenaSaysWhereItsAlignedSegmentStarts() {
    Object arena = PfagentHooks.enterSized(PfagentHooks.ARENA, 0, MB);
    PfagentHooks.exit(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, MB + 65536), BASE);
    PfagentHooks.exit(arena, 0x7f00_0001_0000L);

    Region region = account.table().find(BASE);
    assertThat(region.kind()).isEqualTo(RegionKind.ARENA);
    assertThat(region.address()).isEqualTo(0x7f00_0001_0000L);
  }

  private static void fail(Throwable failure) {
    throw new AssertionError(failure);
  }

  private Region allocate(long address, long size) {
    PfagentHooks.exit(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, size), address);
    return account.table().find(address);
  }
}
