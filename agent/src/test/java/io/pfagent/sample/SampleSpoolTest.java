package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.pfagent.chunk.SampleFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleSpoolTest {

  /** Beyond the numbers of which the JDK keeps boxes. */
  private static final int LARGE_NUMBER = 100_000;

  private static final int SAMPLES = 100_000;

  @TempDir private Path parent;

  @Test
  void aSampleOfAThreadAndAFunctionThatAreKnownMakesNoObject() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SampledStack stack = new SampledStack();
    ResolvedFault fault = Faults.inMemset(Faults.thread(LARGE_NUMBER), 4096);
    StackState state = fault.stack().name(null, fault.nanoTime(), stack);
    try (SampleSpool spool =
        new SampleSpool(parent.resolve("samples"), SampleFile.DEFAULT_MOST_BYTES, null, () -> 0)) {
      spool.add(fault, stack, state);
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < SAMPLES; i++) {
        spool.add(fault, stack, state);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(SAMPLES);
    }
  }
}
