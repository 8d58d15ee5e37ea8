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
    long before = counters.userFaults();
    touchPages();

    assertThat(counters.userFaults() - before).isCloseTo(PAGES, withinPercentage(2));
  }

  @Test
  void countsThreadsThatStartLater() throws InterruptedException {
    long before = counters.userFaults();
    Thread child = new Thread(PerfFaultCountersTest::startGrandchild);
    child.start();
    child.join();

    assertThat(counters.userFaults() - before).isCloseTo(PAGES, withinPercentage(2));
  }

  @Test
  void countsThreadsFromBeforeOnce() throws InterruptedException {
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
    long before = counters.userFaults();
    opened.countDown();
    early.join();

    assertThat(counters.userFaults() - before).isCloseTo(PAGES, withinPercentage(2));
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
    long before = counters.userFaults();
    touchPages();

    assertThat(counters.userFaults() - before).isCloseTo(PAGES, withinPercentage(2));
  }

  @Test
  void kernelSideFaultsAreLeftOut() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      Rusage rusage = new Rusage();
      assertThat(rusage.readThread()).isTrue();
      long allBefore = rusage.minorFaults();
      long userBefore = counters.userFaults();

      populate(memory);

      assertThat(rusage.readThread()).isTrue();
      assertThat(rusage.minorFaults() - allBefore).isGreaterThanOrEqualTo(PAGES);
      assertThat(counters.userFaults() - userBefore).isLessThan(PAGES / 50);
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
