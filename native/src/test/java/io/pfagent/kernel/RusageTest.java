package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class RusageTest {

  private static final long PAGES = 2000;

  // The JVM's own: a page of the stack, of the code cache, of a lazily linked method.
  private static final long FEW = 20;

  @Test
  void threadCountsExactlyTheTouchedPages() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      Rusage rusage = new Rusage();
      memory.load(0); // links the methods used below, and maps the zero page once
      assertThat(rusage.readThread()).isTrue(); // loads the assertions, if it is their first use
      rusage.readThread();
      long before = rusage.minorFaults();
      memory.touch(0, memory.size);
      assertThat(rusage.readThread()).isTrue();

      assertThat(rusage.minorFaults() - before).isCloseTo(PAGES, within(FEW));
      assertThat(rusage.majorFaults()).isNotNegative();
    }
  }

  @Test
  void threadDoesNotCountOthersButProcessDoes() throws InterruptedException {
    Rusage thread = new Rusage();
    Rusage process = new Rusage();
    assertThat(thread.readThread() && process.readProcess()).isTrue();
    long threadBefore = thread.minorFaults();
    long processBefore = process.minorFaults();

    Thread other = new Thread(RusageTest::touchPages);
    other.start();
    other.join();

    assertThat(thread.readThread() && process.readProcess()).isTrue();
    assertThat(process.minorFaults() - processBefore).isGreaterThanOrEqualTo(PAGES);
    assertThat(thread.minorFaults() - threadBefore).isLessThan(PAGES / 2);
  }

  @Test
  void eachWaitIsASwitch() {
    Rusage rusage = new Rusage();
    assertThat(rusage.readThread()).isTrue();
    long before = rusage.switches();
    for (int i = 0; i < 50; i++) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(rusage.readThread()).isTrue();

    assertThat(rusage.switches() - before).isGreaterThanOrEqualTo(50);
  }

  @Test
  void staticsReadIntoTheCallersBuffer() {
    ByteBuffer buffer = Rusage.newBuffer();
    long address = Rusage.address(buffer);
    Rusage rusage = new Rusage();

    assertThat(Rusage.getrusageThread(address)).isZero();
    assertThat(rusage.readThread()).isTrue();

    assertThat(rusage.minorFaults()).isPositive();
    assertThat(Rusage.minorFaults(buffer)).isCloseTo(rusage.minorFaults(), within(FEW));
    assertThat(Rusage.majorFaults(buffer)).isLessThanOrEqualTo(rusage.majorFaults());
  }

  @Test
  void noAddressIsRefusedInsteadOfWrittenTo() {
    assertThat(Rusage.getrusageThread(0)).isEqualTo(-1);
  }

  private static void touchPages() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(PAGES)) {
      memory.touch(0, memory.size);
    }
  }
}
