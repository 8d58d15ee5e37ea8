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
}
