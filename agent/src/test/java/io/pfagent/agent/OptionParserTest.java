package io.pfagent.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pfagent.hook.TouchMethod;
import io.pfagent.sample.SamplePeriod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages of bad options are tested in forked JVMs. */
class OptionParserTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void nothingMeansTheDefaults(String text) throws OptionException {
    Options options = OptionParser.parse(text);

    assertThat(options.record()).isNull();
    assertThat(options.minSize()).isEqualTo(65536);
    assertThat(options.touch()).isEmpty();
    assertThat(options.interval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.sample()).isEqualTo(SamplePeriod.AUTO);
    assertThat(options.stacks()).isEqualTo(Options.Stacks.AUTO);
    assertThat(options.merge()).isTrue();
    assertThat(options.samplesMax()).isEqualTo(64 << 20);
    assertThat(options.perfMap()).isFalse();
    assertThat(options.jmx()).isEqualTo(Options.JmxAccess.READWRITE);
    assertThat(options.preallocation()).isEqualTo(new PreallocOptions(1, "auto", "jdk", false));
  }

  @Test
  void preallocation() throws OptionException {
    PreallocOptions options =
        OptionParser.parse("prealloc=16,backend=mthp,zeroing=kernel,system-writes=true")
            .preallocation();

    assertThat(options).isEqualTo(new PreallocOptions(16, "mthp", "kernel", true));
    assertThat(options.text())
        .isEqualTo("prealloc=16,backend=mthp,zeroing=kernel,system-writes=true");
    assertThat(OptionParser.parse("prealloc=auto").preallocation().isAutomatic()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prealloc=0",
        "prealloc=513",
        "prealloc=many",
        "backend=best",
        "zeroing=none",
        "system-writes=yes"
      })
  void wrongValuesOfPreallocation(String text) {
    assertThatThrownBy(() -> OptionParser.parse(text))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining(text.substring(0, text.indexOf('=')));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "4096, 4096",
    "64k, 65536",
    "1M, 1048576",
    "2g, 2147483648",
    "8589934591g, 9223372035781033984"
  })
  void sizes(String text, long bytes) throws OptionException {
    assertThat(OptionParser.parse("min-size=" + text).minSize()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1t", "k", "1.5m", "8589934592g", "99999999999999999999"})
  void noSizes(String text) {
    assertThatThrownBy(() -> OptionParser.parse("min-size=" + text))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("min-size=" + text);
  }

  @ParameterizedTest
  @CsvSource({
    "10ms, 10000000",
    "10000us, 10000000",
    "500000000ns, 500000000",
    "86400s, 86400000000000"
  })
  void periods(String text, long nanos) throws OptionException {
    assertThat(OptionParser.parse("interval=" + text).interval().toNanos()).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9ms", "86401s", "1", "1m", "-1s", "999999999999999999us"})
  void noPeriods(String text) {
    assertThatThrownBy(() -> OptionParser.parse("interval=" + text))
        .isInstanceOf(OptionException.class)
        .hasMessageContaining("interval=" + text);
  }

  @Test
  void severalOptionsInAnyOrder() throws OptionException {
    Options options =
        OptionParser.parse(
            "jmx=readonly,touch=a.B$C::d*;e.F::g,record=/tmp/app-%p.jfr,min-size=1m");

    assertThat(options.jmx()).isEqualTo(Options.JmxAccess.READONLY);
    assertThat(options.touch())
        .containsExactly(new TouchMethod("a.B$C", "d*"), new TouchMethod("e.F", "g"));
    assertThat(options.record())
        .isEqualTo(Path.of("/tmp/app-" + ProcessHandle.current().pid() + ".jfr"));
  }

  @Test
  void theTextOfOptionsGivesTheSameOptions() throws OptionException {
    Options options =
        OptionParser.parse(
            "record=/tmp/app.jfr,touch=a.B::c;d.E::*,interval=250ms,sample=100,stacks=leaf,"
                + "merge=off,samples-max=2m,perf-map=true,jmx=off");

    assertThat(OptionParser.parse(options.text())).isEqualTo(options);
  }
}
