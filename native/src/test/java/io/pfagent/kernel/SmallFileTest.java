package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class SmallFileTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void aNumberOfTheKernelsHasAllItsDigits() throws Exception {
    Path file = Path.of("/proc/sys/kernel/pid_max");
    byte[] digits = new byte[64];
    try (InputStream in = new FileInputStream(file.toFile())) {
      String number = new String(digits, 0, in.read(digits), StandardCharsets.US_ASCII).strip();

      assertThat(number).hasSizeGreaterThan(1);
      assertThat(SmallFile.readNumber(file)).contains(Long.valueOf(number));
    }
  }

  @Test
  void whatIsNoNumberAndWhatIsNotThereIsUnknown(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("word"), "max\n");

    assertThat(SmallFile.read(file)).contains("max\n");
    assertThat(SmallFile.readNumber(file)).isEmpty();
    assertThat(SmallFile.readNumber(folder.resolve("absent"))).isEmpty();
  }
}
