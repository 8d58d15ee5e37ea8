package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.jvm.NativeMemoryTracking.Reserved;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeMemoryTrackingTest {

  private static final String DETAIL =
      """
      Virtual memory map:

      [0x0000000687400000 - 0x0000000800000000] reserved 6172672KB for Java Heap from
          [0x00007fb1049455da]ReservedHeapSpace::ReservedHeapSpace(unsigned long)+0x100

      \t[0x0000000687400000 - 0x000000068c400000] committed 81920KB from
              [0x00007fb1049455da]G1PageBasedVirtualSpace::commit_internal()+0x1
      [0x00007fb0ed000000 - 0x00007fb0ef000000] reserved and committed 32768KB for GC from
      [0x00007fb098000000 - 0x00007fb0d8000000] reserved 1048576KB for Shared class space
      """;

  @Test
  void readsWhatIsReservedAndNotWhatIsCommittedOfIt() {
    assertThat(NativeMemoryTracking.parse(DETAIL))
        .isEqualTo(
            List.of(
                new Reserved(new AddressRange(0x687400000L, 0x800000000L), "Java Heap"),
                new Reserved(new AddressRange(0x7fb0ed000000L, 0x7fb0ef000000L), "GC"),
                new Reserved(
                    new AddressRange(0x7fb098000000L, 0x7fb0d8000000L), "Shared class space")));
  }

  @Test
  void aJvmThatDoesNotTrackTellsNothing() {
    assertThat(NativeMemoryTracking.read()).isEmpty();
  }
}
