package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.app.SayHello;
import io.pfagent.it.ForkedJvm.Result;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The application keeps its own libraries, modules and loaders. */
class IsolationIT {

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void otherVersionsOfJnaAndByteBuddyWorkBeside(Jdk jdk) throws Exception {
    ForkedJvm jvm =
        new ForkedJvm(jdk)
            .agent("record=" + folder.resolve("app.jfr"))
            .classPath(library("jna-5.6.0"), library("byte-buddy-1.12.10"));
    if (jdk.feature() >= 24) {
      jvm.jvm("--enable-native-access=ALL-UNNAMED", "-Dnet.bytebuddy.experimental=true");
    }
    Result result = jvm.run("io.pfagent.app.OtherVersions");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("JNA 5.6.0 (b0) and ByteBuddy 1.12.10");
    assertThat(result.err()).contains("recording to");
    assertThat(RecordedEvents.read(folder.resolve("app.jfr")).allocations("direct-buffer"))
        .hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aModularApplicationRunsAsBefore(Jdk jdk) throws Exception {
    Path source = Files.createDirectories(folder.resolve("src"));
    Files.writeString(
        source.resolve("module-info.java"), "module hello { requires jdk.jfr; exports hello; }");
    Path type = Files.createDirectories(source.resolve("hello")).resolve("Hello.java");
    Files.writeString(
        type,
        """
        package hello;
        public class Hello {
          public static void main(String[] a) {
            System.out.println(touch() + " in " + Hello.class.getModule());
          }
          static int touch() { return java.nio.ByteBuffer.allocateDirect(1 << 20).capacity(); }
        }
        """);
    Path modules = folder.resolve("modules");
    run(
        jdk.tool("javac"),
        "-d",
        modules.toString(),
        source.resolve("module-info.java").toString(),
        type.toString());
    Path recording = folder.resolve("app.jfr");
    Result result =
        new ForkedJvm(jdk)
            .noClassPath()
            .agent("record=" + recording + ",touch=hello.Hello::touch")
            .jvm("--module-path", modules.toString(), "-m", "hello/hello.Hello")
            .run();

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("1048576 in module hello");
    assertThat(result.errLines()).hasSize(1);
    assertThat(RecordedEvents.read(recording).allocations("direct-buffer")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aCustomSystemClassLoaderIsNotDisturbed(Jdk jdk) throws Exception {
    Result result =
        new ForkedJvm(jdk)
            .agent("")
            .jvm("-Djava.system.class.loader=io.pfagent.app.OwnLoader")
            .run("io.pfagent.app.SayHello");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("hello");
    assertThat(result.err()).contains("hooks");
    assertThat(result.out()).contains("loader OwnLoader");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theApplicationsSharedArchiveStaysInUse(Jdk jdk) throws Exception {
    Path jar = jarOf(SayHello.class);
    Path archive = folder.resolve("app.jsa");
    new ForkedJvm(jdk)
        .noClassPath()
        .classPath(jar)
        .jvm("-XX:ArchiveClassesAtExit=" + archive)
        .run(SayHello.class.getName());
    Result result =
        new ForkedJvm(jdk)
            .noClassPath()
            .classPath(jar)
            .agent("")
            .jvm("-XX:SharedArchiveFile=" + archive, "-Xlog:class+load")
            .run(SayHello.class.getName());

    assertThat(result.out()).contains("SayHello source: shared objects file (top)");
    assertThat(result.out().lines().filter(line -> line.contains("shared objects file")))
        .hasSizeGreaterThan(400);
    assertThat(result.errLines()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theApplicationSeesTheEntryAndItsLoaderOnly(Jdk jdk) throws Exception {
    Result result = new ForkedJvm(jdk).agent("").run("io.pfagent.app.SeesAgent");

    assertThat(result.out().lines())
        .containsExactly(
            "io.pfagent.agent.Launcher: yes",
            "io.pfagent.agent.Agent: no",
            "com.sun.jna.Native: no",
            "net.bytebuddy.ByteBuddy: no",
            "picocli.CommandLine: no");
  }

  private Path jarOf(Class<?> type) throws Exception {
    Path jar = folder.resolve("app.jar");
    String entry = type.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(entry));
      type.getClassLoader().getResourceAsStream(entry).transferTo(out);
    }
    return jar;
  }

  private static Path library(String prefix) throws Exception {
    return Arrays.stream(System.getProperty("pfagent.other.versions").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().startsWith(prefix))
        .findFirst()
        .orElseThrow(() -> new AssertionError(prefix + " is not on the list of the build"));
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
