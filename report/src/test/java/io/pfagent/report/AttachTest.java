package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attaches to real JVMs, with an agent that only keeps the protocol. */
@Timeout(120)
final class AttachTest {

  private static final Path OWN_HOME = Path.of(System.getProperty("java.home"));

  @TempDir private static Path directory;

  private static Path agentJar;
  private Process target;

  @BeforeAll
  static void packAgent() throws IOException {
    agentJar = pack(directory.resolve("agent.jar"), FakeAgent.class.getName());
  }

  @AfterEach
  void endTarget() {
    if (target != null) {
      target.destroyForcibly();
    }
  }

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void messageOfTheAgentIsShown(Path home) throws IOException {
    startTarget(home);
    assertThat(attach()).isEqualTo(new Cli(0, "attached with ''%n".formatted(), ""));
    assertThat(attach("record=/tmp/a.jfr,min-size=1m"))
        .isEqualTo(new Cli(0, "attached with 'record=/tmp/a.jfr,min-size=1m'%n".formatted(), ""));
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void errorOfTheAgentIsShown() throws IOException {
    startTarget(OWN_HOME);
    assertThat(attach(FakeAgent.FAIL))
        .isEqualTo(
            new Cli(1, "", "pfagent: unknown option 'fail'; did you mean 'file'?%n".formatted()));
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void agentWithoutOutcome() throws IOException {
    startTarget(OWN_HOME);
    assertFails(attach(FakeAgent.SILENT), "left no outcome");
  }

  @Test
  void agentThatThrows() throws IOException {
    startTarget(OWN_HOME);
    assertFails(attach(FakeAgent.THROW), "could not load", "failed to initialize");
  }

  @Test
  void jarThatIsNoAgent() throws IOException {
    startTarget(OWN_HOME);
    Path noAgent = pack(directory.resolve("no-agent.jar"), null);
    assertFails(attach(noAgent, target.pid()), "could not load " + noAgent, "no Agent-Class");
  }

  @Test
  void jarThatIsMissing() {
    Path missing = directory.resolve("missing.jar");
    assertFails(attach(missing, 1), "the agent is not a jar file: " + missing);
  }

  @Test
  void jarWhosePathTheJvmWouldCut() throws IOException {
    Path jar = Files.copy(agentJar, directory.resolve("a=b.jar"));
    assertFails(attach(jar, 1), "holds '='; copy it elsewhere");
  }

  @Test
  void processThatHasEnded() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertFails(attach(agentJar, ended.pid()), "there is no process " + ended.pid());
  }

  @Test
  void processThatIsNoJvmSurvives() throws IOException {
    target = new ProcessBuilder("sleep", "1000").start();
    assertFails(attach(), "process " + target.pid() + " is no JVM");
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void thisVeryProcess() {
    assertFails(attach(agentJar, ProcessHandle.current().pid()), "is this command itself");
  }

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void jvmThatRefuses(Path home) throws IOException {
    startTarget(home, "-XX:+DisableAttachMechanism");
    assertFails(attach(), "cannot attach", "-XX:+DisableAttachMechanism");
    assertThat(target.isAlive()).isTrue();
  }

  /** Without a handler for SIGQUIT the attempt would end the JVM. */
  @Test
  void jvmWithoutSignalHandlersSurvives() throws IOException {
    startTarget(OWN_HOME, "-Xrs");
    assertFails(attach(), "does not listen for attaching", "-Xrs");
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void runtimeWithoutTheAttachModule() throws Exception {
    Cli result =
        Jvm.run(
            OWN_HOME,
            List.of("--limit-modules", "java.base,java.logging,java.sql"),
            CliMain.class,
            "attach",
            "1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("lacks the module jdk.attach").hasLineCount(1);
  }

  @ParameterizedTest
  @MethodSource("io.pfagent.report.Jvm#homes")
  void attachingFromAnyJdk(Path home) throws Exception {
    startTarget(OWN_HOME);
    Cli result = Jvm.run(home, List.of(), AttachMain.class, agentJar.toString(), pid());
    assertThat(result.out()).isEqualTo("attached with ''%n".formatted());
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void onlyTheOwnerOrRootMayAttach() {
    String mine = "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\n";
    String others = "Name:\tjava\nUid:\t4242\t4242\t4242\t4242\n";
    String root = "Name:\tjava\nUid:\t0\t0\t0\t0\n";
    assertThatNoException().isThrownBy(() -> TargetProcess.checkUser(1, mine, mine));
    assertThatNoException().isThrownBy(() -> TargetProcess.checkUser(1, others, root));
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> TargetProcess.checkUser(Integer.MAX_VALUE, others, mine))
        .withMessageContaining("belongs to user 4242; attach as that user: sudo -u #4242");
  }

  private void startTarget(Path home, String... vmOptions) throws IOException {
    assumeThat(Path.of("/proc/self/status"))
        .as("the target's readiness is checked in /proc")
        .exists();
    target = Jvm.start(home, List.of(vmOptions), Target.class);
    BufferedReader out = target.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo(Target.READY);
  }

  private String pid() {
    return Long.toString(target.pid());
  }

  private Cli attach(String... options) {
    return attach(agentJar, target.pid(), options);
  }

  private static Cli attach(Path jar, long pid, String... options) {
    List<String> args = new ArrayList<>(List.of("attach", Long.toString(pid)));
    args.addAll(List.of(options));
    return Cli.run(jar, args.toArray(String[]::new));
  }

  private static void assertFails(Cli result, String... because) {
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("pfagent: ").hasLineCount(1).contains(because);
  }

  /** Packs the agent's classes, under an agent class of that name, or none if it is null. */
  private static Path pack(Path jar, String agentClass) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (agentClass != null) {
      attributes.putValue("Agent-Class", agentClass);
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      String entry = FakeAgent.class.getName().replace('.', '/') + ".class";
      out.putNextEntry(new JarEntry(entry));
      try (InputStream in = FakeAgent.class.getClassLoader().getResourceAsStream(entry)) {
        in.transferTo(out);
      }
    }
    return jar;
  }
}
