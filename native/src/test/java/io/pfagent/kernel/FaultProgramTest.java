package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class FaultProgramTest {

  private static final int PAGES = 3_000;
  private static final Path UNSHARE = Path.of("/usr/bin/unshare");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  @Test
  void aContainersThreadsAreNamedByTheirIdsThere() throws Exception {
    assumeProgram();
    assumeTrue(Files.isExecutable(UNSHARE), "skipped: unshare is not installed");
    String output =
        ForkedJvm.ofThisHome()
            .under(UNSHARE.toString(), "--pid", "--fork", "--mount-proc")
            .run(ProgramSamplesProcess.class, String.valueOf(PAGES));

    assertThat(output).contains("available=true");
    // The process is the first of its namespace.
    assertThat(output).containsPattern("thread [0-9]{1,2}: " + PAGES);
  }

  @Test
  void whoMayNotLoadItIsToldWhatToGrant() throws Exception {
    assumeProgram();
    assumeTrue(Files.isExecutable(SETPRIV), "skipped: setpriv is not installed");
    // Capabilities are dropped, the user stays: another could not read the tests.
    String output =
        ForkedJvm.ofThisHome()
            .under(SETPRIV.toString(), "--bounding-set=-all", "--inh-caps=-all")
            .run(ProgramSamplesProcess.class, String.valueOf(PAGES));

    assertThat(output)
        .contains("available=false", "bpf: EPERM; grant CAP_BPF and CAP_PERFMON")
        .contains(": " + PAGES);
  }

  @Test
  void aRefusalNamesTheRemedy() {
    assertThat(Bpf.reason(Errno.EPERM, true)).contains("CAP_BPF", "the seccomp filter");
    assertThat(Bpf.reason(Errno.ENOSYS, true)).contains("container's profile");
    assertThat(Bpf.reason(Errno.ENOSYS, false)).contains("CONFIG_BPF_SYSCALL");
    assertThat(Bpf.reason(Errno.EMFILE, false)).contains("ulimit -n");
    assertThat(Bpf.reason(Errno.EINVAL, false)).contains("EINVAL", "Linux 5.12");
  }

  /** As include/linux/kdev_t.h has it: 12 bits of the major number, 20 of the minor. */
  @Test
  void aDeviceIsNumberedAsTheKernelDoes() {
    assertThat(PidNamespace.kernelDevice(4)).isEqualTo(4);
    assertThat(PidNamespace.kernelDevice(0x10002c)).isEqualTo(0x12c);
    assertThat(PidNamespace.kernelDevice(0x801)).isEqualTo(0x800001);
  }

  /** The kernel checks only the program of the machine that it runs on. */
  @Test
  void theProgramOfEachArchitectureDiffersInItsContextAlone() {
    PidNamespace initial = new PidNamespace(4, 0xEFFFFFFCL);
    byte[] x86 = code(FaultProgram.Context.X86_64, initial);
    byte[] arm = code(FaultProgram.Context.AARCH64, initial);

    assertThat(arm).hasSameSizeAs(x86);
    int differences = 0;
    for (int at = 0; at < x86.length; at += BpfCode.BYTES) {
      if (x86[at + 2] != arm[at + 2] || x86[at + 3] != arm[at + 3]) {
        differences++;
      }
    }
    assertThat(differences).isEqualTo(3);
  }

  private static byte[] code(FaultProgram.Context context, PidNamespace threads) {
    BpfCode code = FaultProgram.code(3, 1024, threads, context);
    byte[] bytes = new byte[code.instructions().position()];
    code.instructions().get(0, bytes);
    return bytes;
  }

  private static void assumeProgram() {
    FaultSampling.Opened opened =
        FaultSampling.open(new SampleSetUp(SampleLayout.leaf(), 1 << 20, true), 1000);
    assumeTrue(opened.sampling().isPresent(), () -> "skipped: " + opened.capability().reason());
    try (FaultSampling sampling = opened.sampling().get()) {
      Capability program = sampling.byProgram().orElseThrow();
      assumeTrue(program.available(), "skipped: " + program.reason());
    }
  }
}
