package io.pfagent.app;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.TreeSet;

/** An agent that tells, in a system property, which classes name the hooks in their code. */
public final class WovenProbe {

  /** Comma separated; empty if there is none. */
  public static final String PROPERTY = "io.pfagent.test.woven";

  private WovenProbe() {}

  public static void agentmain(String options, Instrumentation instrumentation) throws Exception {
    Set<String> woven = new TreeSet<>();
    ClassFileTransformer reader =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              Module module,
              ClassLoader loader,
              String name,
              Class<?> type,
              ProtectionDomain domain,
              byte[] classFile) {
            if (new String(classFile, StandardCharsets.ISO_8859_1).contains("PfagentHooks")) {
              woven.add(name);
            }
            return null;
          }
        };
    instrumentation.addTransformer(reader, true);
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (instrumentation.isModifiableClass(type)
          && !type.isArray()
          && (type.getName().startsWith("java.nio.")
              || type.getName().startsWith("sun.nio.ch.")
              || type.getName().startsWith("jdk.internal.")
              || type.getName().startsWith("io.pfagent.app."))
          && !type.isHidden()
          && !type.getName().equals(WovenProbe.class.getName())) {
        instrumentation.retransformClasses(type);
      }
    }
    instrumentation.removeTransformer(reader);
    System.setProperty(PROPERTY, String.join(",", woven));
  }
}
