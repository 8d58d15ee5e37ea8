package io.pfagent.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PfagentHooksTest {

  private final Recorder recorder = new Recorder();

  @AfterEach
  void uninstall() {
    PfagentHooks.uninstall();
  }

  @Test
  void withoutAHandlerNothingHappens() {
    assertThat(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, Long.MAX_VALUE - 1)).isNull();
    assertThat(PfagentHooks.enterMethod("A.b")).isNull();
    assertThat(PfagentHooks.enterReallocate(1, Long.MAX_VALUE)).isNull();
    PfagentHooks.free(0x1000);
    PfagentHooks.mapped(0x1000, 0);
    PfagentHooks.exit("span", 0x1000);
    assertThat(PfagentHooks.isInstalled()).isFalse();
  }

  @Test
  void smallOperationsAreLeftAlone() {
    PfagentHooks.install(recorder, 4096);

    assertThat(PfagentHooks.enterBulk(PfagentHooks.SET, 0x1000, (1 << 20) - 1)).isNull();
    assertThat(PfagentHooks.enterBulk(PfagentHooks.SET, 0x1000, 1 << 20)).isNotNull();
    assertThat(PfagentHooks.enterMap(4095, "file")).isNull();
    assertThat(recorder.calls).containsExactly("enter 5 1000");
  }

  @Test
  void aSecondHandlerIsRefused() {
    assertThat(PfagentHooks.install(recorder, 1)).isTrue();
    assertThat(PfagentHooks.install(new Recorder(), 1)).isFalse();
    PfagentHooks.uninstall();
    assertThat(PfagentHooks.install(new Recorder(), 1)).isTrue();
  }

  @Test
  void whatTheHandlerDoesItselfIsUnseenButWhatItFreesIsNot() {
    recorder.inside =
        () -> {
          assertThat(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, 4096)).isNull();
          PfagentHooks.free(0x1000);
        };
    PfagentHooks.install(recorder, 1);

    PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, 8192);

    assertThat(recorder.calls).containsExactly("enter 0 0", "free 1000");
    recorder.inside = () -> {};
    assertThat(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, 8192)).isNotNull();
  }

  @Test
  void aFailureIsToldToTheAgentAndNotThrown() {
    recorder.inside =
        () -> {
          throw new StackOverflowError("too deep");
        };
    PfagentHooks.install(recorder, 1);

    assertThat(PfagentHooks.enterSized(PfagentHooks.ALLOCATE, 0, 8192)).isNull();
    PfagentHooks.exit("span", 0);
    assertThat(recorder.calls).contains("failed too deep");
  }

  @Test
  void aSpanOfAnEarlierHandlerDoesNotReachALaterOne() {
    PfagentHooks.install(recorder, 1);
    Object span = PfagentHooks.enterSized(PfagentHooks.SET, 0x1000, 8192);
    PfagentHooks.uninstall();
    Recorder later = new Recorder();
    PfagentHooks.install(later, 1);

    PfagentHooks.exit(span, 0);

    assertThat(later.calls).isEmpty();
  }

  @Test
  void aReallocationOfATrackedRegionIsSeenHoweverSmallItGets() {
    PfagentHooks.install(recorder, 4096);

    assertThat(PfagentHooks.enterReallocate(0x2000, 10)).isNull();
    assertThat(PfagentHooks.enterReallocate(0x1000, 10)).isNotNull();
  }

  @Test
  void theCarrierOfAPlatformThreadIsItself() {
    assertThat(PfagentHooks.carrierThread()).isSameAs(Thread.currentThread());
  }

  /** Tracks the address 0x1000 alone. */
  private static final class Recorder implements PfagentHooks.Handler {
    private final List<String> calls = new ArrayList<>();
    private Runnable inside = () -> {};

    @Override
    public Object enter(
        PfagentHooks.ThreadState state, int operation, long address, long size, String detail) {
      calls.add("enter " + operation + " " + Long.toHexString(address));
      inside.run();
      return "span";
    }

    @Override
    public void exit(PfagentHooks.ThreadState state, Object span, long address) {
      calls.add("exit");
      inside.run();
    }

    @Override
    public void mapped(PfagentHooks.ThreadState state, long base, long address) {
      calls.add("mapped");
    }

    @Override
    public boolean isZero(PfagentHooks.ThreadState state, long address, long size) {
      return false;
    }

    @Override
    public boolean tracks(long address) {
      return address == 0x1000;
    }

    @Override
    public void free(long address) {
      calls.add("free " + Long.toHexString(address));
    }

    @Override
    public void failed(Throwable failure) {
      calls.add("failed " + failure.getMessage());
    }
  }
}
