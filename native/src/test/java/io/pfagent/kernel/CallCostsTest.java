package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Calls of this machine: that they are made, not how long they take. */
@EnabledOnOs(OS.LINUX)
final class CallCostsTest {

  @Test
  void whatTheKernelHasIsMeasuredAndTheRestIsNamed() {
    CallCosts calls = CallCosts.measure();

    assertThat(calls.costs())
        .extracting(CallCost::operation)
        .startsWith("java-call", "jna-call")
        .contains("getrusage", "madvise");
    assertThat(calls.costs())
        .allSatisfy(cost -> assertThat(cost.perCall().medianNanos()).isPositive());
    assertThat(
            Stream.concat(
                calls.costs().stream().map(CallCost::operation),
                calls.left().stream().map(NotMeasured::what)))
        .anyMatch(name -> name.contains("hello_kernel"));
  }

  @Test
  void thePatchedKernelsCallsAreMadeThereOnly() {
    assertThat(CallCosts.measure().costs())
        .filteredOn(cost -> cost.operation().equals("hello_kernel"))
        .hasSize(MultiPageAlloc.open().isPresent() ? 1 : 0);
  }

  @Test
  void getpidHasTheRightNumber() {
    long number = CallTargets.getpidNumber(System.getProperty("os.arch")).orElseThrow();

    assertThat(CallTargets.syscall(number)).isEqualTo(ProcessHandle.current().pid());
    assertThat(CallTargets.labs(-7)).isEqualTo(7);
  }
}
