package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PerfDenialTest {

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS, Errno.EACCES})
  void aParanoidKernelIsNamedWithTheLevelToSet(int errno) {
    assertThat(new PerfDenial(4, false).reason(errno))
        .contains("perf_event_open: " + Errno.name(errno))
        .contains("kernel.perf_event_paranoid is 4")
        .contains("sysctl kernel.perf_event_paranoid=2")
        .doesNotContain("seccomp");
    assertThat(new PerfDenial(4, true).reason(errno)).contains("seccomp");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS, Errno.EACCES})
  void aContainersFilterIsNamed(int errno) {
    assertThat(new PerfDenial(2, true).reason(errno))
        .contains("seccomp filter")
        .contains("container's profile");
    assertThat(new PerfDenial(-1, false).reason(errno)).contains("security module");
  }

  @Test
  void faultsOfTheKernelNeedALowerLevel() {
    assertThat(new PerfDenial(2, false).reason(Errno.EACCES, true))
        .contains("kernel.perf_event_paranoid is 2")
        .contains("sysctl kernel.perf_event_paranoid=1")
        .contains("CAP_PERFMON");
  }

  @Test
  void aKernelWithoutPerfEventsIsNamed() {
    assertThat(new PerfDenial(KernelSettings.NO_LEVEL, true).reason(Errno.ENOSYS))
        .contains("CONFIG_PERF_EVENTS");
  }

  @Test
  void otherErrorsKeepTheirName() {
    assertThat(new PerfDenial(2, true).reason(Errno.EMFILE)).contains("EMFILE", "ulimit -n");
    assertThat(new PerfDenial(2, true).reason(77)).contains("errno 77").doesNotContain("seccomp");
  }

  @Test
  void seccompModeIsReadFromStatus() {
    assertThat(PerfDenial.hasSeccompFilter("NoNewPrivs:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\n"))
        .isTrue();
    assertThat(PerfDenial.hasSeccompFilter("Seccomp:\t0\nSeccomp_filters:\t2\n")).isFalse();
    assertThat(PerfDenial.hasSeccompFilter("")).isFalse();
  }

  @Test
  void softLimitIsReadFromLimits() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96365                96365                processes
        Max open files            1024                 524288               files
        """;

    assertThat(FileDescriptors.softLimit(limits)).contains(1024L);
    assertThat(
            FileDescriptors.softLimit("Max open files            unlimited   unlimited   files\n"))
        .isEmpty();
    assertThat(FileDescriptors.softLimit("")).isEmpty();
  }
}
