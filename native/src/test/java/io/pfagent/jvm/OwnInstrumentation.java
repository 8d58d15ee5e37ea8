package io.pfagent.jvm;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * This JVM's instrumentation, by an agent that has nothing but a manifest. Needs {@code
 * -Djdk.attach.allowAttachSelf=true}.
 */
public final class OwnInstrumentation {

  private static volatile Instrumentation instrumentation;

  private OwnInstrumentation() {}

  /** Called by the JVM. */
  public static void agentmain(String options, Instrumentation given) {
    instrumentation = given;
  }

  static Instrumentation get() {
    try {
      Path jar = Files.createTempFile("pfagent-own-instrumentation", ".jar");
      try {
        write(jar);
        VirtualMachine own = VirtualMachine.attach(String.valueOf(ProcessHandle.current().pid()));
        own.loadAgent(jar.toString());
        own.detach();
      } finally {
        Files.delete(jar);
      }
      return instrumentation;
    } catch (IOException | AttachNotSupportedException failure) {
      throw new IllegalStateException("this JVM doesn't attach to itself", failure);
    } catch (AgentLoadException | AgentInitializationException failure) {
      throw new IllegalStateException("an agent without classes isn't loaded", failure);
    }
  }

  private static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Agent-Class", OwnInstrumentation.class.getName());
    attributes.putValue("Can-Redefine-Classes", "true");
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, manifest).close();
    }
  }
}
