package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the table with the machine's kernel headers. */
final class SystemCallNumbersTest {

  private static final List<String> X86_64_HEADERS =
      List.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h");

  // aarch64 has no table of its own.
  private static final List<String> GENERIC_HEADERS = List.of("/usr/include/asm-generic/unistd.h");

  @Test
  void x8664AgreesWithTheHeaders() {
    assertAgrees(SystemCallNumbers.X86_64, X86_64_HEADERS);
  }

  @Test
  void aarch64AgreesWithTheHeaders() {
    assertAgrees(SystemCallNumbers.AARCH64, GENERIC_HEADERS);
  }

  @Test
  void unknownArchitectureHasNoNumbers() {
    assertThat(SystemCallNumbers.of("amd64")).contains(SystemCallNumbers.X86_64);
    assertThat(SystemCallNumbers.of("aarch64")).contains(SystemCallNumbers.AARCH64);
    assertThat(SystemCallNumbers.of("riscv64")).isEmpty();
  }

  private static void assertAgrees(SystemCallNumbers numbers, List<String> headers) {
    Optional<String> text =
        headers.stream().flatMap(file -> SmallFile.read(Path.of(file)).stream()).findFirst();
    assumeTrue(text.isPresent(), () -> "no kernel headers here: " + headers);

    assertThat(number(text.get(), "perf_event_open")).isEqualTo(numbers.perfEventOpen());
    assertThat(number(text.get(), "gettid")).isEqualTo(numbers.gettid());
    assertThat(number(text.get(), "getdents64")).isEqualTo(numbers.getdents64());
    assertThat(number(text.get(), "bpf")).isEqualTo(numbers.bpf());
  }

  private static long number(String header, String call) {
    return Pattern.compile("(?m)^#define __NR_" + call + "\\s+(\\d+)\\s*$")
        .matcher(header)
        .results()
        .mapToLong(define -> Long.parseLong(define.group(1)))
        .findFirst()
        .orElseThrow();
  }
}
