package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class TasksTest {

  // More than one block of directory entries holds.
  private static final int MANY = 1500;

  @Test
  void visitsTheCallingThreadWithItsFaults() {
    int tid = Tasks.currentThreadId();
    Rusage rusage = new Rusage();
    List<TaskStat> stats = new ArrayList<>();
    try (Tasks tasks = Tasks.open()) {
      assertThat(tasks.capability().available()).isTrue();
      assertThat(tasks.forEach(stats::add)).isGreaterThanOrEqualTo(stats.size());
    }
    assertThat(rusage.readThread()).isTrue();

    TaskStat own = stats.stream().filter(stat -> stat.tid() == tid).findFirst().orElseThrow();
    assertThat(own.minorFaults()).isCloseTo(rusage.minorFaults(), within(500L));
    assertThat(own.userNanos() + own.systemNanos()).isPositive();
  }

  @Test
  void visitsEachOfManyThreadsOnce() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> threads = waitingThreads(MANY, end);
    try (Tasks tasks = Tasks.open()) {
      List<Integer> tids = new ArrayList<>();
      tasks.forEach(stat -> tids.add(stat.tid()));

      assertThat(tids).doesNotHaveDuplicates().hasSizeGreaterThan(MANY);
    } finally {
      end.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  @Test
  void endedThreadIsAbsent() throws InterruptedException {
    AtomicInteger tid = new AtomicInteger();
    Thread thread = new Thread(() -> tid.set(Tasks.currentThreadId()));
    thread.start();
    thread.join();
    Path directory = Path.of("/proc/self/task/" + tid.get());
    while (Files.exists(directory)) { // the kernel lags behind join()
      Thread.onSpinWait();
    }

    try (Tasks tasks = Tasks.open()) {
      assertThat(tid.get()).isPositive();
      assertThat(tasks.stat(tid.get())).isEmpty();
      assertThat(tasks.io(tid.get())).isEmpty();
      assertThat(tasks.status(tid.get())).isEmpty();
    }
  }

  @Test
  void ioCountsReads() {
    int tid = Tasks.currentThreadId();
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/io")),
        "the kernel does not count reads and writes (CONFIG_TASK_IO_ACCOUNTING)");
    int reads = 100;
    try (Tasks tasks = Tasks.open()) {
      long before = tasks.io(tid).orElseThrow().readCalls();
      for (int i = 0; i < reads; i++) {
        tasks.stat(tid);
      }
      assertThat(tasks.io(tid).orElseThrow().readCalls() - before)
          .isBetween((long) reads, reads + 10L);
    }
  }

  @Test
  void statusCountsVoluntarySwitches() throws InterruptedException {
    int tid = Tasks.currentThreadId();
    try (Tasks tasks = Tasks.open()) {
      long before = tasks.status(tid).orElseThrow().voluntarySwitches();
      Thread other = new Thread(() -> {});
      other.start();
      other.join();
      CountDownLatch end = new CountDownLatch(1);
      Thread waker = new Thread(end::countDown);
      waker.start();
      end.await();
      waker.join();
      assertThat(tasks.status(tid).orElseThrow().voluntarySwitches()).isGreaterThan(before);
    }
  }

  @Test
  void aClosedOneReadsNothingAndLeavesNoDescriptor() {
    long before = FileDescriptors.countOpen();
    Tasks tasks = Tasks.open();
    tasks.forEach(stat -> {});
    tasks.close();
    tasks.close();

    assertThat(tasks.forEach(stat -> {})).isEqualTo(-1);
    assertThat(tasks.stat(Tasks.currentThreadId())).isEmpty();
    assertThat(FileDescriptors.countOpen()).isLessThanOrEqualTo(before);
  }

  @Test
  void closingTwiceLeavesTheNextOneAlone() {
    Tasks first = Tasks.open();
    first.close();
    try (Tasks second = Tasks.open()) { // has the descriptor of the first
      first.close();

      assertThat(second.forEach(stat -> {})).isPositive();
    }
  }

  private static List<Thread> waitingThreads(int count, CountDownLatch end)
      throws InterruptedException {
    CountDownLatch started = new CountDownLatch(count);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Thread thread =
          new Thread(
              null,
              () -> {
                started.countDown();
                Threads.await(end);
              },
              "waiting-" + i,
              64 * 1024);
      thread.start();
      threads.add(thread);
    }
    started.await();
    return threads;
  }
}
