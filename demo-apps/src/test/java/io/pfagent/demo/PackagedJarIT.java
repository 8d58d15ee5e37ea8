package io.pfagent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is packed, with its libraries beside it. */
final class PackagedJarIT {

  private static final String JAR = System.getProperty("demo.jar");

  @TempDir private Path directory;

  @Test
  void tourGoesThroughAllDemos() throws Exception {
    Fork tour =
        Fork.run(
            List.of(
                Jdk.current().tool("java").toString(),
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                JAR));
    assertThat(tour.err()).isEmpty();
    assertThat(tour.exitCode()).isZero();
    assertThat(tour.out().lines().map(line -> line.substring(0, line.indexOf(':'))))
        .containsExactly(
            "DirectBuffers", "MappedFile", "ArenaSegments", "NettyEcho", "LuceneSearch");
    assertThat(tour.out().contains("needs JDK 22"))
        .as("stand-in for ArenaSegments in use")
        .isEqualTo(Jdk.current().feature() < 22);
    assertThat(directory).as("files left behind").isEmptyDirectory();
  }

  @Test
  void tourStopsWhereAsked() throws Exception {
    String classPath = JAR + ":" + Path.of(JAR).resolveSibling("lib") + "/*";
    Fork tour =
        Fork.demoFrom(classPath, Jdk.current(), directory, "Tour", "MappedFile", "DirectBuffers");
    assertThat(tour.err()).isEmpty();
    assertThat(tour.exitCode()).isZero();
    assertThat(tour.out()).matches("MappedFile: .*\nDirectBuffers: .*\n");
  }

  @Test
  void newerJdksFindTheirClasses() throws Exception {
    try (JarFile jar = new JarFile(JAR)) {
      assertThat(jar.isMultiRelease()).isTrue();
      assertThat(jar.getEntry("META-INF/versions/22/io/pfagent/demo/ArenaSegments.class") != null)
          .as("built with java.lang.foreign")
          .isEqualTo(Jdk.current().feature() >= 22);
    }
  }
}
