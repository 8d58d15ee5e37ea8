package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.it.ForkedJvm.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty and Lucene give the same results with the agent as without, and no more lines. */
class LibrariesIT {

  private static final Path DEMOS = ForkedJvm.ROOT.resolve("demo-apps/target");

  @TempDir Path folder;

  static Stream<Arguments> programs() {
    return Jdk.all().stream()
        .flatMap(
            jdk ->
                Stream.of(
                    Arguments.of(jdk, "NettyEcho", List.of("4", "200", "64k")),
                    Arguments.of(jdk, "LuceneSearch", List.of("20000", "200")),
                    Arguments.of(jdk, "DirectBuffers", List.of("8m", "2")),
                    Arguments.of(jdk, "MappedFile", List.of("16m"))));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void sameResultsAndNoLineMore(Jdk jdk, String name, List<String> arguments) throws Exception {
    String[] command =
        Stream.concat(Stream.of("io.pfagent.demo." + name), arguments.stream())
            .toArray(String[]::new);
    Path recording = folder.resolve("app.jfr");

    Result plain = jvm(jdk).run(command);
    Result with = jvm(jdk).agent("record=" + recording).run(command);

    assertThat(plain.exit()).as(plain.err()).isZero();
    assertThat(with.exit()).as(with.err()).isZero();
    assertThat(with.out()).isEqualTo(plain.out());
    assertThat(plain.err()).isEmpty();
    assertThat(with.errLines()).singleElement().asString().contains("recording to " + recording);
    RecordedEvents events = RecordedEvents.read(recording);
    assertThat(events.of("RegionAllocation")).isNotEmpty();
    Accounts.assertComplete(events);
  }

  private static ForkedJvm jvm(Jdk jdk) {
    return new ForkedJvm(jdk)
        .noClassPath()
        .classPath(DEMOS.resolve("classes"), DEMOS.resolve("lib/*"));
  }
}
