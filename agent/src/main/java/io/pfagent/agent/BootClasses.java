package io.pfagent.agent;

import io.pfagent.boot.PfagentHooks;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Defines {@link PfagentHooks} inside {@code java.base}: the instrumentation opens {@code
 * java.lang} to the agent's module, and a private look-up defines the classes. Unlike a jar on the
 * boot class path this leaves the JVM's shared archives in use.
 */
final class BootClasses {

  /** A name, not a class: there is none before it is defined. The build renames it here too. */
  private static final String HOLDER = "io.pfagent.boot.PfagentHooks";

  private static final String PACKAGE = HOLDER.substring(0, HOLDER.lastIndexOf('.'));

  /** In the order in which they need each other. */
  private static final List<String> CLASSES =
      List.of(HOLDER + "$Handler", HOLDER + "$ThreadState", HOLDER + "$ThreadStates", HOLDER);

  private BootClasses() {}

  /**
   * Makes the holder known to the JVM, unless an agent that was there before has left it.
   *
   * @throws IllegalStateException if the one that is there belongs to another version of the agent
   */
  static void define(Instrumentation instrumentation) throws IOException, IllegalAccessException {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of(PACKAGE, Set.of(BootClasses.class.getModule())),
        Set.of(),
        Map.of());
    Class<?> present = find();
    if (present != null) {
      checkVersion(present);
      return;
    }
    MethodHandles.Lookup lookup =
        MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup());
    for (String name : CLASSES) {
      lookup.defineClass(classFile(name));
    }
  }

  /** The holder in this JVM, or null. */
  static Class<?> find() {
    try {
      return Class.forName(HOLDER, true, null);
    } catch (ClassNotFoundException notYet) {
      return null;
    }
  }

  /** Read from the class rather than inlined by the compiler. */
  private static void checkVersion(Class<?> present) throws IllegalAccessException {
    int version;
    try {
      version = present.getField("VERSION").getInt(null);
    } catch (NoSuchFieldException foreign) {
      version = 0;
    }
    if (version != PfagentHooks.VERSION) {
      throw new IllegalStateException(
          "another version of pfagent was in this JVM before (hooks "
              + version
              + ", here "
              + PfagentHooks.VERSION
              + "); restart the JVM to change it");
    }
  }

  private static byte[] classFile(String name) throws IOException {
    String resource = name.replace('.', '/') + ".class";
    try (InputStream in = BootClasses.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("pfagent.jar lacks " + resource);
      }
      return in.readAllBytes();
    }
  }
}
