package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpanTest {

  private static final Thread THREAD = Thread.currentThread();

  @Test
  void countsWhatHappenedBetweenBeginAndEnd() {
    Span span = new Span(Operation.SET, null, 0x1000, 4096, null);
    span.begin(THREAD, 100, 3);

    assertThat(span.end(THREAD, 117, 4)).isEqualTo(new FaultCount(17, 1));
  }

  @Test
  void leavesToAMethodWhatNoOperationInsideItHasClaimed() {
    Span method = new Span(Operation.METHOD, null, 0, 0, "A.b");
    method.begin(THREAD, 100, 0);
    Span set = new Span(Operation.SET, method, 0x1000, 4096, null);
    set.begin(THREAD, 105, 0);
    Span inner = new Span(Operation.METHOD, set, 0, 0, "C.d");
    inner.begin(THREAD, 106, 0);

    assertThat(inner.end(THREAD, 110, 0)).isEqualTo(new FaultCount(4, 0));
    assertThat(set.end(THREAD, 125, 0)).isEqualTo(new FaultCount(16, 0));
    assertThat(method.end(THREAD, 130, 0)).isEqualTo(new FaultCount(10, 0));
  }

  @Test
  void isUnknownOnceTheVirtualThreadHasMoved() {
    Span span = new Span(Operation.METHOD, null, 0, 0, "A.b");
    span.begin(new Thread("carrier"), 100, 0);

    FaultCount faults = span.end(THREAD, 500, 0);

    assertThat(faults.isKnown()).isFalse();
    assertThat(faults.any()).isFalse();
    assertThat(faults.total()).isZero();
  }

  @Test
  void isUnknownWhereCountingIsDenied() {
    Span span = new Span(Operation.SET, null, 0, 0, null);
    span.begin(THREAD, -1, -1);

    assertThat(span.end(THREAD, 7, 0)).isEqualTo(FaultCount.UNKNOWN);
  }

  @Test
  void anAllocationAbsorbsItsSteps() {
    Span buffer = new Span(Operation.DIRECT_BUFFER, null, 0, 4096, null);

    assertThat(buffer.absorbs(Operation.ALLOCATE, null)).isTrue();
    assertThat(buffer.absorbs(Operation.SET, null)).isTrue();
  }

  @Test
  void aMethodAbsorbsItsOwnRecursionOnly() {
    Span method = new Span(Operation.METHOD, null, 0, 0, "A.b");

    assertThat(method.absorbs(Operation.METHOD, "A.b")).isTrue();
    assertThat(method.absorbs(Operation.METHOD, "A.c")).isFalse();
    assertThat(method.absorbs(Operation.ALLOCATE, null)).isFalse();
  }

  @Test
  void takesTheFirstMemoryThatIsLargeEnough() {
    Span buffer = new Span(Operation.DIRECT_BUFFER, null, 0, 4096, null);
    buffer.locate(0x9000, 0x9000, 144);
    buffer.locate(0x5010, 0x6000, 8192);
    buffer.locate(0x7000, 0x7000, 8192);

    assertThat(buffer.base()).isEqualTo(0x5010);
    assertThat(buffer.usable()).isEqualTo(0x6000);
  }
}
