package io.pfagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import io.pfagent.app.WovenProbe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import net.bytebuddy.jar.asm.ClassReader;

/** An {@code Obedient} program in a JVM of its own. */
final class RunningJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter commands;
  private final Path err;

  private RunningJvm(Process process, Path err) {
    this.process = process;
    this.answers = process.inputReader();
    this.commands = new PrintWriter(process.outputWriter(), true);
    this.err = err;
  }

  static RunningJvm start(ForkedJvm jvm, Path folder) throws IOException {
    Path err = folder.resolve("err");
    RunningJvm running = new RunningJvm(jvm.start(err, "io.pfagent.app.Obedient"), err);
    assertThat(running.answers.readLine()).as(running.err()).isEqualTo("ready");
    return running;
  }

  long pid() {
    return process.pid();
  }

  Process process() {
    return process;
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  void tell(String command) throws IOException {
    commands.println(command);
    assertThat(answers.readLine()).as(command).isEqualTo("done");
  }

  void tellLast(String command) {
    commands.println(command);
  }

  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
    return process.exitValue();
  }

  JMXConnector jmx() throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
    try {
      return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
    } finally {
      machine.detach();
    }
  }

  /** Names of the classes that call the hooks, comma separated. */
  String wovenClasses(Path folder) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
    try {
      machine.loadAgent(probe(folder).toString());
      return machine.getSystemProperties().getProperty(WovenProbe.PROPERTY);
    } finally {
      machine.detach();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static Path probe(Path folder) throws IOException {
    Path jar = folder.resolve("probe.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Agent-Class", WovenProbe.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            ClassReader.class.getProtectionDomain().getCodeSource().getLocation().toString());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }
}
