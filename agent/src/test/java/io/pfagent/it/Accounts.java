package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdk.jfr.consumer.RecordedEvent;

/** Each fault is accounted for: raised in user mode, by kind, or in the kernel. */
final class Accounts {

  private Accounts() {}

  /** At least 99 % of the faults from the beginning of sampling on, and no sample lost. */
  static void assertComplete(RecordedEvents events) {
    List<RecordedEvent> process = events.of("ProcessFaults");
    assertThat(process).isNotEmpty();
    RecordedEvent last = process.get(process.size() - 1);
    long all = last.getLong("minorFaults") + last.getLong("majorFaults");
    long user = last.getLong("userFaults");
    long before = last.getLong("unattributedFaults");
    assertThat(user + last.getLong("kernelFaults") + before).isEqualTo(all);
    assertThat(events.of("LostSamples")).isEmpty();
    List<RecordedEvent> kinds = events.of("MemoryKind");
    List<RecordedEvent> lastKinds = kinds.subList(kinds.size() - 12, kinds.size());
    long byKind = lastKinds.stream().mapToLong(event -> event.getLong("faults")).sum();
    // Read a moment after the faults of the process; reading it faults too.
    assertThat(byKind).isBetween(user * 99 / 100, user * 101 / 100 + 5_000);
    long other =
        lastKinds.stream()
            .filter(event -> event.getString("kind").equals("other"))
            .mapToLong(event -> event.getLong("faults"))
            .sum();
    assertThat(other).isLessThan(user / 4);
  }

  /**
   * With {@code sample=1}: the samples of the recording stand for at least 99 % of the faults in
   * user mode that the kernel has counted between the first and the last event that tells them.
   */
  static void assertEachInASample(RecordedEvents events) {
    List<RecordedEvent> process = events.of("ProcessFaults");
    RecordedEvent first = process.get(0);
    RecordedEvent last = process.get(process.size() - 1);
    long counted = last.getLong("userFaults") - first.getLong("userFaults");
    long sampled =
        events.of("PageFault").stream()
            .filter(fault -> fault.getStartTime().isAfter(first.getStartTime()))
            .filter(fault -> !fault.getStartTime().isAfter(last.getStartTime()))
            .mapToLong(fault -> fault.getLong("weight"))
            .sum();
    // Faults while the first event is being made, by code that never ran, lie on either side.
    assertThat(sampled).isBetween(counted * 99 / 100 - 500, counted * 101 / 100 + 500);
  }
}
