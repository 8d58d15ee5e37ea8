package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pfagent.kernel.Capability;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.SystemSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Machines as they come, and this one. */
final class DoctorTest {

  private static final Capability RUSAGE = new Capability("rusage", true, "", "");
  private static final Capability PERF = new Capability("perf-fault-counters", true, "", "");

  private static final Capability PROGRAM = new Capability("bpf-page-faults", true, "", "");
  private static final Capability DENIED_PROGRAM =
      new Capability(
          "bpf-page-faults", false, "bpf: EPERM; grant CAP_BPF and CAP_PERFMON", "the kernel");

  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max open files            1024                 524288               files
      Max locked memory         8388608              8388608              bytes
      """;

  private static final String ORDINARY =
      """
      Name:\tjava
      THP_enabled:\t1
      CapEff:\t0000000000000000
      Seccomp:\t0
      """;

  private static KernelSettings settings(String thp, String mthp, int paranoid) {
    return new KernelSettings("6.18.0", 4096, 0, thp, mthp, -1, 0, paranoid, -1);
  }

  private static MachineFacts facts(KernelSettings settings, Capability perf, String status) {
    return new MachineFacts(
        settings,
        RUSAGE,
        perf,
        false,
        Optional.of(DENIED_PROGRAM),
        1 << 20,
        status,
        LIMITS,
        516,
        2,
        false,
        List.of(),
        null);
  }

  private static Check check(MachineFacts facts, String name) {
    return MachineChecks.of(facts).stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void goodMachineHasNothingToDo() {
    MachineFacts good = facts(settings("madvise", "64kB=madvise", 2), PERF, ORDINARY);
    assertThat(MachineChecks.of(good))
        .filteredOn(check -> check.state() != Check.State.OK)
        .extracting(Check::name)
        .containsExactly("multi_page_alloc");
  }

  @Test
  void samplingTellsWhichSidesItSees() {
    MachineFacts ordinary = facts(settings("madvise", "", 2), PERF, ORDINARY);
    assertThat(check(ordinary, "sampling").finding())
        .isEqualTo(
            "perf_event_paranoid 2: addresses of user-side faults; of kernel-side ones with 1, or"
                + " CAP_PERFMON");
  }

  @Test
  void samplingTellsWhoWritesSamples() {
    MachineFacts ordinary = facts(settings("madvise", "", 2), PERF, ORDINARY);
    assertThat(check(ordinary, "sample writer").finding())
        .startsWith("the kernel;")
        .endsWith("bpf: EPERM; grant CAP_BPF and CAP_PERFMON");
  }

  @Test
  void deniedSamplingTellsWhatToChange() {
    Capability denied =
        new Capability(
            "perf-fault-counters",
            false,
            "perf_event_open: EACCES; run sysctl kernel.perf_event_paranoid=2",
            "less");
    Check check = check(facts(settings("madvise", "", 4), denied, ORDINARY), "sampling");
    assertThat(check.state()).isEqualTo(Check.State.DENIED);
    assertThat(check.finding()).isEqualTo("perf_event_paranoid 4");
    assertThat(check.advice()).contains("sysctl kernel.perf_event_paranoid=2");
  }

  @Test
  void hugePagesCanBeOffInThreeWays() {
    assertThat(check(facts(settings("never", "", 2), PERF, ORDINARY), "huge pages").advice())
        .contains("echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
    assertThat(check(facts(settings("", "", 2), PERF, ORDINARY), "huge pages").finding())
        .isEqualTo("this kernel has none");
    String off = ORDINARY.replace("THP_enabled:\t1", "THP_enabled:\t0");
    assertThat(check(facts(settings("madvise", "", 2), PERF, off), "huge pages").finding())
        .contains("PR_SET_THP_DISABLE");
  }

  @Test
  void sizesThatNobodyGetsAreLimited() {
    Check check =
        check(facts(settings("madvise", "16kB=never 64kB=never", 2), PERF, ORDINARY), "page sizes");
    assertThat(check.state()).isEqualTo(Check.State.LIMITED);
    assertThat(check.advice()).contains("hugepages-64kB/enabled");
  }

  @Test
  void ringThatGotLessThanItAskedForIsLimited() {
    MachineFacts small =
        new MachineFacts(
            settings("madvise", "", 2),
            RUSAGE,
            PERF,
            true,
            Optional.of(PROGRAM),
            256 << 10,
            ORDINARY,
            LIMITS,
            516,
            2,
            false,
            List.of(),
            null);
    assertThat(check(small, "ring memory"))
        .returns(Check.State.LIMITED, Check::state)
        .returns(
            "256.0 kB for each of 2 processors, of 1.0 MB asked for (perf_event_mlock_kb 516,"
                + " ulimit -l 8388608)",
            Check::finding);
  }

  @Test
  void capabilitiesAreNamed() {
    String root = ORDINARY.replace("CapEff:\t0000000000000000", "CapEff:\t000001ffffffffff");
    assertThat(check(facts(settings("madvise", "", 2), PERF, root), "capabilities").finding())
        .isEqualTo("CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF");
  }

  @Test
  void rightsAreReadBitByBit() {
    ProcessRights perfmon = ProcessRights.parse("CapEff:\t0000004000000000\nSeccomp:\t2\n");
    assertThat(perfmon.has(ProcessRights.CAP_PERFMON)).isTrue();
    assertThat(perfmon.has(ProcessRights.CAP_SYS_ADMIN)).isFalse();
    assertThat(perfmon.hasFilter()).isTrue();
    assertThat(perfmon.hugePages()).isTrue();
    assertThat(ProcessRights.parse("")).isEqualTo(new ProcessRights(0, -1, true));
  }

  @Test
  void whatAKilledJvmLeftIsNamed() {
    MachineFacts left =
        new MachineFacts(
            settings("madvise", "", 2),
            RUSAGE,
            PERF,
            true,
            Optional.of(PROGRAM),
            1 << 20,
            ORDINARY,
            LIMITS,
            516,
            2,
            true,
            List.of("sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled"),
            null);
    assertThat(check(left, "left changed").advice()).contains("doctor --restore");
  }

  @Test
  void thisMachineIsExaminedWithoutError() {
    assumeThat(Path.of("/proc/self/status")).as("Linux").exists();
    Cli result = Cli.run(null, "doctor");
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    assertThat(result.out())
        .contains("kernel", "sampling", "ring memory", "huge pages", "left changed")
        .doesNotContain("null");
  }

  @Test
  void nothingToRestore() {
    assumeThat(Files.exists(Path.of(SystemSettings.STATE_FILE)))
        .as("a JVM that holds settings of the kernel")
        .isFalse();
    assertThat(Cli.run(null, "doctor", "--restore"))
        .isEqualTo(new Cli(0, "nothing to restore%n".formatted(), ""));
  }
}
