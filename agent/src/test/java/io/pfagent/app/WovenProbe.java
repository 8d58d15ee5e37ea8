package io.pfagent.app;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** An agent that tells, in a system property, which classes call the hooks in their code. */
public final class WovenProbe {

  /** Comma separated; empty if there is none. */
  public static final String PROPERTY = "io.pfagent.test.woven";

  private static final Set<String> PACKAGES =
      Set.of("java.nio", "sun.nio.ch", "jdk.internal.misc", "jdk.internal.foreign");

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
            if (type != null && callsHooks(classFile)) {
              woven.add(name);
            }
            return null;
          }
        };
    instrumentation.addTransformer(reader, true);
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (PACKAGES.contains(type.getPackageName())
          && instrumentation.isModifiableClass(type)
          && !type.isHidden()) {
        instrumentation.retransformClasses(type);
      }
    }
    instrumentation.removeTransformer(reader);
    System.setProperty(PROPERTY, String.join(",", woven));
  }

  /** The code alone: the JVM keeps constants of earlier versions of a class. */
  private static boolean callsHooks(byte[] classFile) {
    boolean[] found = {false};
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String called, String descriptor, boolean itf) {
                    found[0] |= owner.endsWith("PfagentHooks");
                  }
                };
              }
            },
            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return found[0];
  }
}
