package io.pfagent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LauncherTest {

  private static final String HELP = "usage: Some\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void resultGoesToStdout() {
    assertThat(run((arguments, stream) -> stream.print(arguments.rest()), "a", "b")).isZero();
    assertThat(text(out)).isEqualTo("[a, b]");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void helpDoesNotRunTheDemo() {
    assertThat(run(failing(new IOException("ran")), "--help")).isZero();
    assertThat(text(out)).isEqualTo(HELP);
    assertThat(text(err)).isEmpty();
  }

  @Test
  void wrongUsageIsOneLineOnStderr() {
    assertThat(run(failing(DemoException.wrongUsage("SIZE is wrong")))).isEqualTo(2);
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).isEqualTo("SIZE is wrong" + System.lineSeparator());
  }

  @Test
  void unavailableIsAResult() {
    assertThat(run(failing(DemoException.unavailable("needs more")))).isEqualTo(3);
    assertThat(text(out)).isEqualTo("needs more" + System.lineSeparator());
    assertThat(text(err)).isEmpty();
  }

  @Test
  void failureHasItsStackTrace() {
    assertThat(run(failing(new IOException("disk full")))).isEqualTo(1);
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).contains("disk full").contains("\tat ");
  }

  private int run(Demo demo, String... args) {
    return Launcher.run(HELP, demo, stream(out), stream(err), args);
  }

  private static Demo failing(Exception failure) {
    return (arguments, stream) -> {
      throw failure;
    };
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
