package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.account.Region;
import io.pfagent.account.RegionAccount;
import io.pfagent.account.RegionKind;
import io.pfagent.app.DirectMemory;
import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import io.pfagent.kernel.Tasks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class FaultResolverTest {

  private static final int PAGES = 4096;
  private static final int PAGE = 4096;

  private final RegionAccount account = new RegionAccount();
  private final FreedRegions freed = new FreedRegions();

  @Test
  void aRegionSeesItsOwnFaultsOfASampleThatStandsForOthersToo() {
    FaultSampling.Opened opened =
        FaultSampling.open(new SampleSetUp(SampleLayout.leaf(), 1 << 20), 1);
    assumeTrue(opened.sampling().isPresent(), () -> opened.capability().reason());
    long start = System.nanoTime();
    List<ResolvedFault> resolved = new ArrayList<>();
    try (FaultSampling sampling = opened.sampling().get();
        Tasks tasks = Tasks.open()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PAGES * PAGE);
      long address = DirectMemory.address(buffer);
      Region region =
          new Region(1, RegionKind.DIRECT_BUFFER, address, address, buffer.capacity(), null, start);
      account.table().add(region);
      SampledThreads threads = new SampledThreads(new JavaThreads(id -> -1), tasks);
      FaultResolver resolver =
          new FaultResolver(account.table(), freed, null, threads, new NoStacks());
      sampling.minorWeights().scale(10, Long.MAX_VALUE);
      sampling.drain(
          fault -> {
            if (account.table().find(fault.address()) == region) {
              resolved.add(resolver.resolve(fault));
            }
          });

      // The page that holds the beginning of the block may have been there.
      assertThat(resolved).hasSizeBetween(PAGES - 1, PAGES);
      assertThat(resolved).allSatisfy(fault -> assertThat(fault.weight()).isEqualTo(10));
      assertThat(region.pattern().sampledFaults()).isEqualTo(resolved.size());
    }
  }

  /** Tells nothing. */
  private static final class NoStacks implements StackSource {

    @Override
    public CaughtStack read(FaultRecord fault) {
      return CaughtStack.Unknown.INSTANCE;
    }
  }
}
