package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is not there is said, not thrown: another system, another processor, no JNA. */
final class DeniedEnvironmentTest {

  @Test
  void anotherOperatingSystem() throws Exception {
    String output = ForkedJvm.ofThisHome().option("-Dos.name=Plan 9").run(EverythingProcess.class);

    assertThat(output).doesNotContain("yes ").endsWith("done\n").contains("needs Linux");
  }

  @Test
  void jnaIsMissing() throws Exception {
    String output = ForkedJvm.ofThisHome().without("jna-").run(EverythingProcess.class);

    assertThat(output).doesNotContain("yes ").endsWith("done\n");
  }

  @Test
  void jnaCannotLoadItsNativePart() throws Exception {
    String output =
        ForkedJvm.ofThisHome()
            .option("-Djna.nounpack=true")
            .option("-Djna.nosys=true")
            .run(EverythingProcess.class);

    assertThat(output).doesNotContain("yes ").endsWith("done\n").contains("JNA cannot bind");
  }
}
