package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.report.Site.Frame;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SiteTest {

  private static final Frame HOOK = new Frame("io.pfagent.event.Emitter", "allocated", 40);
  private static final Frame HOLDER = new Frame("java.lang.PfagentHooks", "exit", 9);
  private static final Frame UNSAFE = new Frame("jdk.internal.misc.Unsafe", "allocateMemory", 600);
  private static final Frame BUFFER = new Frame("java.nio.ByteBuffer", "allocateDirect", 332);

  @Test
  void theFirstFrameOutsideTheJdkAndTheAgent() {
    assertThat(
            siteOf(
                HOOK,
                HOLDER,
                UNSAFE,
                BUFFER,
                new Frame("org.example.Pool", "grow", 12),
                new Frame("org.example.App", "main", 3)))
        .isEqualTo("org.example.Pool.grow:12");
  }

  @Test
  void lineThatIsUnknownIsLeftOut() {
    assertThat(siteOf(new Frame("org.example.Pool", "grow", -1)))
        .isEqualTo("org.example.Pool.grow");
  }

  @Test
  void demoProgramsAreApplications() {
    assertThat(siteOf(BUFFER, new Frame("io.pfagent.demo.Demo", "main", 5)))
        .isEqualTo("io.pfagent.demo.Demo.main:5");
  }

  @Test
  void whereOnlyTheJdkActsItIsTheUserOfTheMemory() {
    assertThat(
            siteOf(
                HOOK,
                UNSAFE,
                BUFFER,
                new Frame("sun.nio.ch.Util", "getTemporaryDirectBuffer", 243),
                new Frame("java.lang.Thread", "run", 840)))
        .isEqualTo("sun.nio.ch.Util.getTemporaryDirectBuffer:243");
  }

  @Test
  void stackThatTellsNothing() {
    assertThat(siteOf(HOOK, UNSAFE)).isEqualTo(Site.NO_STACK);
    assertThat(siteOf()).isEqualTo(Site.NO_STACK);
  }

  private static String siteOf(Frame... frames) {
    return Site.of(Stream.of(frames).iterator());
  }
}
