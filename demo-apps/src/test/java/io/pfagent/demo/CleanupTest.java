package io.pfagent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** What the demos must not leave behind in a JVM that goes on, as the tour's does. */
final class CleanupTest {

  private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());

  @Test
  void nettyEchoLeavesNoThread() throws Exception {
    NettyEcho.run(new Arguments("2", "10", "1k"), nowhere);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("multiThreadIo") || name.startsWith("globalEvent"));
  }

  @Test
  void mappedFileLeavesNoBuffer() throws Exception {
    long before = BufferPools.bytes();
    MappedFile.run(new Arguments("1m"), nowhere);
    assertThat(BufferPools.bytes()).isLessThanOrEqualTo(before);
  }

  @Test
  void collectBelowFreesWhatWasDropped() throws Exception {
    long before = BufferPools.bytes();
    DirectBuffers.run(new Arguments("1m", "1"), nowhere);
    BufferPools.collectBelow(before + 1);
    assertThat(BufferPools.bytes()).isLessThanOrEqualTo(before);
  }
}
