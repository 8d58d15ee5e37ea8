package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class MappingsTest {

  private static final String SMAPS =
      """
      7f0000000000-7f0000021000 rw-p 00000000 00:00 0\s
      Size:                132 kB
      Rss:                 100 kB
      AnonHugePages:        64 kB
      ShmemPmdMapped:        0 kB
      VmFlags: rd wr mr mw me nr sd
      7f0000021000-7f0004000000 ---p 00000000 00:00 0\s
      Rss:                   0 kB
      7f0005000000-7f0005001000 r-xp 00001000 08:01 1234                       /usr/lib/a b.so
      Rss:                   4 kB
      7f0006000000-7f0006001000 rw-s 00000000 00:01 77                         /memfd:java_heap (deleted)
      Rss:                   0 kB
      """;

  @Test
  void readsWhatAMappingMayDoAndIsCalled() {
    var mappings = Mappings.parse(SMAPS);

    assertThat(mappings).hasSize(4);
    assertThat(mappings.get(0).start()).isEqualTo(0x7f0000000000L);
    assertThat(mappings.get(0).size()).isEqualTo(0x21000);
    assertThat(mappings.get(0).isUnnamed()).isTrue();
    assertThat(mappings.get(0).writable()).isTrue();
    assertThat(mappings.get(0).executable()).isFalse();
    assertThat(mappings.get(1).accessible()).isFalse();
    assertThat(mappings.get(2).name()).isEqualTo("/usr/lib/a b.so");
    assertThat(mappings.get(2).executable()).isTrue();
    assertThat(mappings.get(3).name()).isEqualTo("/memfd:java_heap (deleted)");
    assertThat(mappings.get(3).shared()).isTrue();
  }

  @Test
  void readsResidentAndHugeBytes() {
    var mappings = Mappings.parse(SMAPS);

    assertThat(mappings)
        .extracting(Mapping::residentBytes)
        .containsExactly(102_400L, 0L, 4096L, 0L);
    assertThat(mappings.get(0).hugeBytes()).isEqualTo(65_536);
  }

  @Test
  void mapsTellsNoSizes() {
    assertThat(Mappings.parse("00400000-00401000 r--p 00000000 08:01 9 /bin/x\n"))
        .containsExactly(
            new Mapping(0x400000, 0x401000, true, false, false, false, "/bin/x", -1, -1));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void findsFreshMemoryAmongTheLiveOnes() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(16)) {
      memory.touch(0, memory.size);

      assertThat(Mappings.read())
          .anyMatch(mapping -> mapping.start() <= memory.address && mapping.end() > memory.address);
      assertThat(Mappings.readWithResidency())
          .filteredOn(
              mapping -> mapping.start() <= memory.address && mapping.end() > memory.address)
          .allMatch(mapping -> mapping.residentBytes() >= memory.size);
    }
  }
}
