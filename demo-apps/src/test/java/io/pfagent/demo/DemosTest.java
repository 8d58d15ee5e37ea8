package io.pfagent.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs each demo as a user does: in a JVM of its own. */
final class DemosTest {

  private static final Path JAVA_22_SOURCE =
      Path.of("src/main/java22/io/pfagent/demo/ArenaSegments.java");

  private static final String DIRECT_BUFFERS =
      "DirectBuffers: 2 rounds of 1048576 bytes, checksum 894a14453374d8e9, unsafe block ";
  private static final String UNSAFE_BLOCK = "eebb218d387c0000";

  private static final String SUM_OF_ROUNDS = "b6019b7a07941000";
  private static final String SUM_WITHOUT_UNSAFE = "b6019b720f080000";

  @TempDir private Path directory;

  static Stream<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void directBuffers(Jdk jdk) throws Exception {
    assertResult(
        Fork.demo(jdk, directory, "DirectBuffers", "1m", "2"),
        DIRECT_BUFFERS + (jdk.feature() < 24 ? UNSAFE_BLOCK : "skipped, this JDK would warn"));
  }

  @Test
  void directBuffersWithUnsafeAllowed() throws Exception {
    Optional<Jdk> jdk = Jdk.atLeast(24);
    assumeThat(jdk).as("a JDK 24 or later, which knows the option").isPresent();
    assertResult(
        Fork.run(
            List.of(
                jdk.get().tool("java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.pfagent.demo.DirectBuffers",
                "1m",
                "2")),
        DIRECT_BUFFERS + UNSAFE_BLOCK);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void preallocRounds(Jdk jdk) throws Exception {
    String sum = jdk.feature() < 24 ? SUM_OF_ROUNDS : SUM_WITHOUT_UNSAFE;
    assertResult(
        Fork.demo(jdk, directory, "PreallocRounds", "1m", "3"),
        """
        PreallocRounds: first half, 3 rounds of 1048576 bytes, checksum %s
        PreallocRounds: half way, nothing changes: no agent with preallocation is in this JVM
        PreallocRounds: second half, 3 rounds of 1048576 bytes, checksum %s"""
            .formatted(sum, sum));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void mappedFile(Jdk jdk) throws Exception {
    String result =
        "MappedFile: 1048576 bytes, checksums 2f05d0abf0080000 read, eda5e54e9c020000 loaded,"
            + " 1d55022e5d6bbe00 after force";
    assertResult(Fork.demo(jdk, directory, "MappedFile", "1m"), result);

    String file = directory.resolve("chosen.bin").toString();
    assertResult(Fork.demo(jdk, directory, "MappedFile", "1m", file), result);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void nettyEcho(Jdk jdk) throws Exception {
    assertResult(
        Fork.demo(jdk, directory, "NettyEcho", "3", "50", "1k"),
        "NettyEcho: 3 connections, 50 messages of 1024 bytes each, checksum 29685b9c93bd4000");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void luceneSearch(Jdk jdk) throws Exception {
    assertResult(
        Fork.demo(jdk, directory, "LuceneSearch", "2000", "100"),
        "LuceneSearch: 2000 documents, 100 queries, checksum of hits 713750ca467b41f1");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void tomcatRequests(Jdk jdk) throws Exception {
    assertResult(
        Fork.demo(jdk, directory, "TomcatRequests", "2", "20", "5", "64k"),
        "TomcatRequests: 2 clients, 20 requests of 65536 bytes each through 5 filters, checksum 6160ef1fe6c00000");
  }

  @Test
  void arenaSegments(@TempDir Path classes) throws Exception {
    Optional<Jdk> jdk = Jdk.atLeast(22);
    assumeThat(jdk).as("a JDK 22 or later, for java.lang.foreign").isPresent();
    String classPath = System.getProperty("java.class.path");
    Fork javac =
        Fork.run(
            List.of(
                jdk.get().tool("javac").toString(),
                "--release=22",
                "-cp",
                classPath,
                "-d",
                classes.toString(),
                JAVA_22_SOURCE.toString()));
    assertThat(javac.err()).isEmpty();

    assertResult(
        Fork.demoFrom(classes + ":" + classPath, jdk.get(), directory, "ArenaSegments", "1m"),
        "ArenaSegments: 1048576 bytes, checksums d367dac3b5fe9400 confined,"
            + " 491a02d753d63000 shared, 86bd8d3768e42000 copied");
  }

  @Test
  void arenaSegmentsWithoutForeignMemory() throws Exception {
    Fork fork = Fork.demo(Jdk.current(), directory, "ArenaSegments", "1m");
    assertThat(fork.err()).isEmpty();
    assertThat(fork.out()).isEqualTo("ArenaSegments: needs JDK 22 or later, to build and to run\n");
    assertThat(fork.exitCode()).isEqualTo(Launcher.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DirectBuffers|1x   |SIZE must be a size such as 65536, 64k, 16m or 1g, not '1x'",
        "PreallocRounds|1m 1 x|PAGES must be a number between 1 and 1000000, not 'x'",
        "DirectBuffers|1m 0 |ROUNDS must be a number between 1 and 1000000, not '0'",
        "MappedFile   |1k   |SIZE must be between 65536 and 1073741824 bytes, not '1k'",
        "MappedFile   |1m / |FILE must be a file that does not exist yet, not '/'",
        "ArenaSegments|big  |SIZE must be a size such as 65536, 64k, 16m or 1g, not 'big'",
        "NettyEcho    |-1   |CONNECTIONS must be a number between 1 and 1000000, not '-1'",
        "NettyEcho    |1 0  |MESSAGES must be a number between 1 and 1000000, not '0'",
        "NettyEcho    |1 1 4|BYTES must be between 8 and 1073741824 bytes, not '4'",
        "LuceneSearch |no   |DOCUMENTS must be a number between 1 and 1000000, not 'no'",
        "TomcatRequests|1 1 1 8|BYTES must be between 4096 and 1073741824 bytes, not '8'",
        "LuceneSearch |9 9 x|unexpected argument 'x'; --help lists the arguments",
        "Tour         |Lima |no demo is named 'Lima'; there are DirectBuffers, MappedFile,"
            + " ArenaSegments, NettyEcho, LuceneSearch",
      })
  void wrongArgumentEndsWithOneLine(String demo, String arguments, String line) throws Exception {
    Fork fork = Fork.demo(Jdk.current(), directory, demo, arguments.split(" "));
    assertThat(fork.err()).isEqualTo(line + "\n");
    assertThat(fork.out()).isEmpty();
    assertThat(fork.exitCode()).isEqualTo(Launcher.WRONG_USAGE);
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DirectBuffers",
        "MappedFile",
        "ArenaSegments",
        "NettyEcho",
        "LuceneSearch",
        "TomcatRequests",
        "PreallocRounds",
        "Tour"
      })
  void helpNamesTheProgram(String demo) throws Exception {
    Fork fork = Fork.demo(Jdk.current(), directory, demo, "--help");
    assertThat(fork.out()).startsWith("usage: " + demo + " [");
    assertThat(fork.err()).isEmpty();
    assertThat(fork.exitCode()).isZero();
  }

  private void assertResult(Fork fork, String line) {
    assertThat(fork.err()).isEmpty();
    assertThat(fork.out()).isEqualTo(line + "\n");
    assertThat(fork.exitCode()).isZero();
    assertThat(directory).as("files left behind").isEmptyDirectory();
  }
}
