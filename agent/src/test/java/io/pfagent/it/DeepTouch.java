package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.it.ForkedJvm.Result;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;

/** A program that touches each page of a mapped file, three inlined calls deep. */
final class DeepTouch {

  static final long PAGES = 65_536;

  private static final long PAGE = 4096;

  private DeepTouch() {}

  /** Runs it under the agent; it must end well. */
  static void run(ForkedJvm jvm, String options) throws Exception {
    Result result = jvm.agent(options).run("io.pfagent.app.TouchDeep", String.valueOf(PAGES));
    assertThat(result.exit()).as(result.err()).isZero();
  }

  /** The sampled faults on the file. */
  static List<RecordedEvent> faults(RecordedEvents events) {
    return events.faultsAt(region(events));
  }

  /** The file. */
  static RecordedEvent region(RecordedEvents events) {
    return events.allocations("mapped-file").stream()
        .filter(event -> event.getLong("size") == PAGES * PAGE)
        .findFirst()
        .orElseThrow();
  }
}
