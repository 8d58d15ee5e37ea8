package io.pfagent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.chunk.Sample;
import io.pfagent.chunk.SampleFile;
import io.pfagent.chunk.SampleFileReader;
import io.pfagent.chunk.SampleVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultPipelineTest {

  private static final SampledThreads.Known THREAD = Faults.thread(1);

  @TempDir private Path parent;

  private final List<Throwable> failures = new ArrayList<>();
  private final CurrentSpool spool = new CurrentSpool(null, () -> 0, failures::add);
  private final FaultPipeline pipeline =
      new FaultPipeline(null, null, new FaultTotals(), null, new FaultSites(null), spool);

  @Test
  void whatWaitsForItsNamesGoesToASpoolThatBeginsMeanwhile() throws Exception {
    Path directory = parent.resolve("samples");
    take(1);
    pipeline.nameDue(System.nanoTime());
    begin(directory);
    take(2);
    pipeline.nameAll();
    spool.end();

    assertThat(addresses(directory)).containsExactly(1L, 2L);
    assertThat(failures).isEmpty();
  }

  @Test
  void eachSpoolHasItsOwn() throws Exception {
    Path first = parent.resolve("first");
    Path second = parent.resolve("second");
    begin(first);
    take(1);
    pipeline.nameAll();
    begin(parent.resolve("not while there is one"));
    take(2);
    pipeline.nameAll();
    spool.end();
    take(3);
    pipeline.nameAll();
    begin(second);
    take(4);
    pipeline.nameAll();
    spool.end();

    assertThat(addresses(first)).containsExactly(1L, 2L);
    assertThat(addresses(second)).containsExactly(4L);
    assertThat(parent).isDirectoryNotContaining("glob:**/not while there is one");
  }

  private void begin(Path directory) throws IOException {
    spool.begin(directory, SampleFile.LEAST_BYTES);
  }

  private void take(long address) {
    pipeline.take(Faults.inMemset(THREAD, address));
  }

  private static List<Long> addresses(Path samples) throws IOException {
    List<Long> addresses = new ArrayList<>();
    SampleFileReader.open(samples)
        .read(
            new SampleVisitor() {
              @Override
              public void sample(Sample sample) {
                addresses.add(sample.address());
              }
            });
    return addresses;
  }
}
