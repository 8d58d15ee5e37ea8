package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class PageMapTest {

  private static final long PAGES = 1024;

  private final PageMap scan = PageMap.open();
  private final PageMap entries = PageMap.openWithoutScan();

  @AfterEach
  void close() {
    scan.close();
    entries.close();
  }

  @Test
  void halfTouchedIsHalfResident() {
    assumeScan();
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      assertThat(scan.residency(memory.address, memory.size)).isEqualTo(new Residency(0, 0));

      memory.touch(0, memory.size / 2);

      assertThat(scan.residency(memory.address, memory.size))
          .isEqualTo(new Residency(memory.size / 2, 0));
    }
  }

  @Test
  void entriesTellResidentButNotHuge() {
    assumeTrue(!entries.residency(0, 1).equals(Residency.UNKNOWN), "no /proc/self/pagemap here");
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES * 10)) { // several reads
      memory.touch(memory.size / 2, memory.size / 2);

      assertThat(entries.residency(memory.address, memory.size))
          .isEqualTo(new Residency(memory.size / 2, -1));
      assertThat(entries.capability().available()).isFalse();
      assertThat(entries.capability().fallback()).contains("huge bytes unknown");
    }
  }

  @Test
  void moreRunsThanOneAnswerHolds() {
    assumeScan();
    try (AnonymousMemory memory = AnonymousMemory.ofPages(4 * PAGES)) {
      for (long page = 0; page < 4 * PAGES; page += 2) {
        memory.touch(page * memory.pageSize, memory.pageSize);
      }

      assertThat(scan.residency(memory.address, memory.size).residentBytes())
          .isEqualTo(memory.size / 2);
    }
  }

  @Test
  void partsOfPagesCountWithThatPart() {
    assumeScan();
    try (AnonymousMemory memory = AnonymousMemory.ofPages(4)) {
      memory.touch(0, memory.size);
      long page = memory.pageSize;

      assertThat(scan.residency(memory.address + 16, page).residentBytes()).isEqualTo(page);
      assertThat(scan.residency(memory.address + page - 1, 2).residentBytes()).isEqualTo(2);
      assertThat(scan.residency(memory.address + 5, 7).residentBytes()).isEqualTo(7);
      assertThat(entries.residency(memory.address + 5, 7).residentBytes()).isEqualTo(7);
      assertThat(scan.residency(memory.address, 0).residentBytes()).isZero();
    }
  }

  @Test
  void readZeroPageIsNotResident() {
    assumeScan();
    try (AnonymousMemory memory = AnonymousMemory.ofPages(2)) {
      assertThat(memory.load(0)).isZero();

      assertThat(scan.residency(memory.address, memory.size).residentBytes()).isZero();
    }
  }

  @Test
  void hugePagesAreToldApart() {
    assumeScan();
    long hugePage =
        SmallFile.readNumber(Path.of("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"))
            .orElse(0L);
    String thp = KernelSettings.read().thp();
    assumeTrue(hugePage > 0 && !thp.equals("never"), () -> "no huge pages: thp=" + thp);
    try (AnonymousMemory memory = AnonymousMemory.huge(4, hugePage)) {
      Rusage rusage = new Rusage();
      assertThat(rusage.readThread()).isTrue();
      long before = rusage.minorFaults();
      memory.touch(0, 2 * hugePage);
      assertThat(rusage.readThread()).isTrue();
      long faults = rusage.minorFaults() - before;
      assumeTrue(faults < 100, () -> "no huge page was free: " + faults + " faults");

      assertThat(scan.residency(memory.address, memory.size))
          .isEqualTo(new Residency(2 * hugePage, 2 * hugePage));
    }
  }

  @Test
  void aClosedOneKnowsNothing() {
    scan.close();

    assertThat(scan.residency(0, 1)).isEqualTo(Residency.UNKNOWN);
  }

  private void assumeScan() {
    assumeTrue(scan.capability().available(), () -> scan.capability().reason());
  }
}
