package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.FaultSampling;
import io.pfagent.kernel.SampleLayout;
import io.pfagent.kernel.SampleSetUp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class AddressSpaceTest {

  private final AddressSpace space = new AddressSpace(List::of);

  @Test
  void whatIsMappedWhereARingHasBeenIsToldByWhoTouchesIt() throws Exception {
    FaultSampling.Opened opened =
        FaultSampling.open(new SampleSetUp(SampleLayout.leaf(), 1 << 20), 1_000_000);
    assumeTrue(opened.sampling().isPresent(), () -> opened.capability().reason());
    long ring;
    try (FaultSampling sampling = opened.sampling().get()) {
      assertThat(sampling.ringBytes()).isPositive();
      ring = startOf("anon_inode:[perf_event]");
      assertThat(space.kindOf(ring, 0, false, false)).isEqualTo(RegionKind.OTHER);
    }

    assertThat(space.kindOf(ring, 0, false, true)).isEqualTo(RegionKind.MALLOC);
    assertThat(space.kindOf(ring, 0, true, false)).isEqualTo(RegionKind.GC);
    assertThat(space.kindOf(ring, ring + 64, false, false)).isEqualTo(RegionKind.THREAD_STACK);
  }

  @Test
  void librariesAndFilesGoByTheirNames() throws Exception {
    assertThat(space.kindOf(startOf("libjvm.so"), 0, false, true))
        .isEqualTo(RegionKind.NATIVE_LIBRARY);
    assertThat(space.kindOf(startOf("lib/modules"), 0, false, true))
        .isEqualTo(RegionKind.MAPPED_FILE);
    assertThat(space.fileAt(startOf("lib/modules"))).endsWith("lib/modules");
    assertThat(space.fileAt(startOf("[stack]"))).isEmpty();
    assertThat(space.kindOf(startOf("[stack]"), 0, false, false))
        .isEqualTo(RegionKind.THREAD_STACK);
  }

  /** Of the first mapping with such a name. */
  private static long startOf(String nameEnd) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.endsWith(nameEnd))
        .map(line -> Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16))
        .findFirst()
        .orElseThrow();
  }
}
