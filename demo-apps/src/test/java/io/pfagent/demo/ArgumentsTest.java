package io.pfagent.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {

  @ParameterizedTest
  @CsvSource({"65536, 65536", "64k, 65536", "16m, 16777216", "1g, 1073741824", "2M, 2097152"})
  void sizesHaveUnits(String value, int bytes) throws DemoException {
    assertThat(new Arguments(value).size("SIZE", 1)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "k", "-1m", "1.5m", "64kb", "big", "65535", "63k", "1025m", "9999999999g"})
  void wrongSizesAreNamed(String value) {
    assertThatThrownBy(() -> new Arguments(value).size("SIZE", 1))
        .isInstanceOf(DemoException.class)
        .hasMessageStartingWith("SIZE must be ")
        .hasMessageEndingWith("not '" + value + "'");
  }

  @Test
  void smallestSizeCanBeLowered() throws DemoException {
    assertThat(new Arguments("8").size("BYTES", 1, 8)).isEqualTo(8);
    assertThatThrownBy(() -> new Arguments("7").size("BYTES", 1, 8))
        .hasMessage("BYTES must be between 8 and 1073741824 bytes, not '7'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "x", "1000001", "99999999999"})
  void wrongCountsAreNamed(String value) {
    assertThatThrownBy(() -> new Arguments(value).count("ROUNDS", 1))
        .isInstanceOf(DemoException.class)
        .hasMessage("ROUNDS must be a number between 1 and 1000000, not '%s'", value);
  }

  @Test
  void missingArgumentsHaveDefaults() throws DemoException {
    Arguments none = new Arguments();
    assertThat(none.size("SIZE", 5)).isEqualTo(5);
    assertThat(none.count("ROUNDS", 6)).isEqualTo(6);
    assertThat(none.newFile("FILE")).isEmpty();
    none.end();
  }

  @Test
  void argumentsAreTakenInOrder() throws DemoException {
    Arguments arguments = new Arguments("1m", "7", "rest");
    assertThat(arguments.size("SIZE", 0)).isEqualTo(1 << 20);
    assertThat(arguments.count("ROUNDS", 0)).isEqualTo(7);
    assertThatThrownBy(arguments::end).hasMessageContaining("unexpected argument 'rest'");
    assertThat(arguments.rest()).containsExactly("rest");
    arguments.end();
  }

  @Test
  void newFileMustNotExist(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("new.bin");
    assertThat(new Arguments(file.toString()).newFile("FILE")).contains(file);

    Files.createFile(file);
    assertThatThrownBy(() -> new Arguments(file.toString()).newFile("FILE"))
        .hasMessage("FILE must be a file that does not exist yet, not '%s'", file);

    Path lost = directory.resolve("none/new.bin");
    assertThatThrownBy(() -> new Arguments(lost.toString()).newFile("FILE"))
        .hasMessage("FILE must be in a directory that exists, not '%s'", lost);
  }
}
