package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class PerfFaultCountersTest {

  private static final long PAGES = 20_000;

  private PerfFaultCounters counters;

  @BeforeEach
  void open() {
    counters = PerfFaultCounters.open();
    assumeTrue(counters.capability().available(), () -> counters.capability().reason());
  }

  @AfterEach
  void close() {
    counters.close();
  }

  @Test
  void countsTheTouchedPagesOfThisThread() {
    assertCountsPagesOnce(PerfFaultCountersTest::touchPages);
  }

  @Test
  void countsThreadsThatStartLater() {
    assertCountsPagesOnce(
        () -> {
          Thread child = new Thread(PerfFaultCountersTest::startGrandchild);
          child.start();
          Threads.join(child);
        });
  }

  @Test
  void countsThreadsFromBeforeOnce() {
    counters.close();
    CountDownLatch opened = new CountDownLatch(1);
    Thread early =
        new Thread(
            () -> {
              Threads.await(opened);
              touchPages();
            });
    early.start();
    counters = PerfFaultCounters.open();
    assertCountsPagesOnce(
        () -> {
          opened.countDown();
          Threads.join(early);
        });
  }

  @Test
  void openingAmongStartingThreadsCountsOnce() {
    counters.close();
    AtomicBoolean stop = new AtomicBoolean();
    Thread starter =
        new Thread(
            () -> {
              while (!stop.get()) {
                Thread next = new Thread(() -> {});
                next.start();
                Threads.join(next);
              }
            });
    starter.start();
    counters = PerfFaultCounters.open();
    stop.set(true);
    Threads.join(starter);
    assertCountsPagesOnce(PerfFaultCountersTest::touchPages);
  }

  @Test
  void kernelSideFaultsAreLeftOut() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      Faults faults = faultsOf(() -> populate(memory));

      assertThat(faults.all() - faults.user()).isCloseTo(PAGES, withinPercentage(2));
    }
  }

  @Test
  void childProcessesAreLeftOut() throws Exception {
    long before = counters.userFaults();
    String childFaults =
        ForkedJvm.ofThisHome().run(TouchingProcess.class, String.valueOf(PAGES)).strip();

    assertThat(Long.parseLong(childFaults)).isGreaterThanOrEqualTo(PAGES);
    assertThat(counters.userFaults() - before).isLessThan(PAGES);
  }

  @Test
  void closingGivesTheDescriptorsBack() {
    long whileOpen = FileDescriptors.countOpen();
    counters.close();

    assertThat(FileDescriptors.countOpen()).isLessThan(whileOpen);
    assertThat(counters.userFaults()).isEqualTo(-1);
  }

  /** Faults during an action: of user mode as the counters tell, and all as the kernel tells. */
  private record Faults(long user, long all) {}

  /**
   * Other threads of the JVM fault, too, so the whole count is the bound, not a fixed allowance.
   */
  private void assertCountsPagesOnce(Runnable touching) {
    Faults faults = faultsOf(touching);

    assertThat(faults.user()).isBetween(PAGES * 98 / 100, faults.all());
  }

  private Faults faultsOf(Runnable action) {
    Rusage rusage = new Rusage();
    assertThat(rusage.readProcess()).isTrue();
    long allBefore = rusage.minorFaults() + rusage.majorFaults();
    long userBefore = counters.userFaults();
    action.run();
    long user = counters.userFaults() - userBefore;
    assertThat(rusage.readProcess()).isTrue();
    return new Faults(user, rusage.minorFaults() + rusage.majorFaults() - allBefore);
  }

  private static void startGrandchild() {
    Thread grandchild = new Thread(PerfFaultCountersTest::touchPages);
    grandchild.start();
    Threads.join(grandchild);
  }

  private static void touchPages() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);
    }
  }

  /** The kernel itself stores into the memory: reading a part of zeros, page by page. */
  private static void populate(AnonymousMemory memory) {
    byte[] zeros = "/dev/zero\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer path = LibC.newBuffer(zeros.length).put(0, zeros);
    int fd = LibC.openat(-1, LibC.address(path), LibC.O_RDONLY_CLOEXEC);
    assertThat(LibC.read(fd, memory.address, memory.size)).isEqualTo(memory.size);
    LibC.close(fd);
  }
}
