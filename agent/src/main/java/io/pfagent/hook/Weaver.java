package io.pfagent.hook;

import io.pfagent.kernel.Capability;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.TypeInitializer;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.auxiliary.AuxiliaryType;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.OpenedClassReader;

/**
 * Inlines the hooks into the JDK's classes and into the application's methods that {@code touch=}
 * names, and takes them out again. ByteBuddy's AgentBuilder does more and takes 100 ms longer to
 * start; what is needed of it is here.
 */
public final class Weaver implements ClassFileTransformer {

  private static final String SAFE_PROPERTY = "net.bytebuddy.safe";

  private final Instrumentation instrumentation;
  private final Map<String, List<Hook>> hooksByType = new HashMap<>();
  private final Map<String, String> problems = new ConcurrentHashMap<>();
  private final Set<String> woven = ConcurrentHashMap.newKeySet();
  private final List<Hook> hooks = new ArrayList<>();

  /** Advice is read from its class files: reflection on it takes longer. */
  private final ClassFileLocator adviceFiles =
      ClassFileLocator.ForClassLoader.of(Weaver.class.getClassLoader());

  private final TypePool adviceTypes =
      new TypePool.Default(
          new TypePool.CacheProvider.Simple(), adviceFiles, TypePool.Default.ReaderMode.FAST);

  private Weaver(Instrumentation instrumentation, List<TouchMethod> touchMethods) {
    this.instrumentation = instrumentation;
    hooks.addAll(UnsafeHooks.hooks());
    hooks.addAll(ByteBufferHooks.hooks());
    hooks.addAll(SegmentHooks.hooks());
    hooks.addAll(FileChannelHooks.hooks());
    hooks.addAll(MappedMemoryHooks.hooks());
    for (TouchMethod touch : touchMethods) {
      hooks.add(hook(touch));
    }
    for (Hook hook : hooks) {
      String name = hook.type().replace('.', '/');
      if (!hooksByType.containsKey(name)) {
        hooksByType.put(name, new ArrayList<>());
      }
      hooksByType.get(name).add(hook);
    }
  }

  /**
   * Weaves all hooks. Classes that are loaded later are woven as they come; what can't be woven
   * stands in {@link #capabilities}.
   *
   * @param touchMethods methods of the application to measure
   */
  public static Weaver install(Instrumentation instrumentation, List<TouchMethod> touchMethods) {
    String before = System.getProperty(SAFE_PROPERTY);
    // Without it ByteBuddy uses sun.misc.Unsafe, of which newer JDKs warn. The application's own
    // copy of ByteBuddy is not to be changed by it, so it goes again.
    System.setProperty(SAFE_PROPERTY, "true");
    try {
      Weaver weaver = new Weaver(instrumentation, touchMethods);
      weaver.loadJdkTypes();
      instrumentation.addTransformer(weaver, true);
      weaver.retransform(weaver.loadedTypes());
      return weaver;
    } finally {
      if (before == null) {
        System.clearProperty(SAFE_PROPERTY);
      } else {
        System.setProperty(SAFE_PROPERTY, before);
      }
    }
  }

  /** Gives every woven class its own code back. */
  public void uninstall() {
    instrumentation.removeTransformer(this);
    retransform(loadedTypes());
  }

  /** One for each hook: what was found and woven on this JDK, what not, and why. */
  public List<Capability> capabilities() {
    return hooks.stream().map(this::capability).toList();
  }

  /** Whether this is a hook whose class may still be loaded, rather than one that can't be had. */
  public boolean isWaitingFor(Capability capability) {
    for (Hook hook : hooks) {
      if (hook.name().equals(capability.name())) {
        return !problems.containsKey(hook.name());
      }
    }
    return false;
  }

  /** How many hooks are at work. */
  public int wovenCount() {
    return woven.size();
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> type,
      ProtectionDomain domain,
      byte[] classFile) {
    List<Hook> wanted = name == null ? null : hooksByType.get(name);
    if (wanted == null || loader == Weaver.class.getClassLoader()) {
      return null;
    }
    try {
      return weave(name.replace('/', '.'), loader, classFile, wanted);
    } catch (Throwable failure) {
      wanted.forEach(hook -> problems.put(hook.name(), "could not be woven: " + failure));
      return null;
    }
  }

  private byte[] weave(String name, ClassLoader loader, byte[] classFile, List<Hook> wanted) {
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(name, classFile),
            ClassFileLocator.ForClassLoader.of(loader));
    TypePool types =
        new TypePool.Default(
            new TypePool.CacheProvider.Simple(), locator, TypePool.Default.ReaderMode.FAST);
    TypeDescription type = types.describe(name).resolve();
    List<AsmVisitorWrapper> advice = new ArrayList<>();
    for (Hook hook : wanted) {
      if (type.getDeclaredMethods().filter(hook.method()).isEmpty()) {
        problems.put(hook.name(), "this JDK's " + hook.type() + " has no such method");
      } else {
        advice.add(
            Advice.to(adviceTypes.describe(hook.advice().getName()).resolve(), adviceFiles)
                .on(hook.method()));
        woven.add(hook.name());
      }
    }
    return advice.isEmpty()
        ? null
        : apply(new AsmVisitorWrapper.Compound(advice), type, types, classFile);
  }

  /** What ByteBuddy's builder would do, without starting the builder. */
  private static byte[] apply(
      AsmVisitorWrapper advice, TypeDescription type, TypePool types, byte[] classFile) {
    int readerFlags = advice.mergeReader(0);
    int writerFlags = advice.mergeWriter(0);
    ClassReader reader = OpenedClassReader.of(classFile);
    ClassWriter writer = new ClassWriter(reader, writerFlags);
    ClassVisitor visitor =
        advice.wrap(
            type,
            writer,
            context(type, classFile),
            types,
            type.getDeclaredFields(),
            type.getDeclaredMethods(),
            writerFlags,
            readerFlags);
    reader.accept(visitor, readerFlags);
    return writer.toByteArray();
  }

  /** Advice that is inlined adds nothing else to a class. */
  private static Implementation.Context context(TypeDescription type, byte[] classFile) {
    return Implementation.Context.Disabled.Factory.INSTANCE.make(
        type,
        new AuxiliaryType.NamingStrategy.Suffixing("pfagent"),
        TypeInitializer.None.INSTANCE,
        ClassFileVersion.ofClassFile(classFile),
        ClassFileVersion.ofClassFile(classFile),
        Implementation.Context.FrameGeneration.EXPAND);
  }

  /** Now rather than later, when the application's thread would have to wait for the weaving. */
  private void loadJdkTypes() {
    for (Hook hook : hooks) {
      if (hook.advice() != MethodHook.class) {
        try {
          Class.forName(hook.type(), false, null);
        } catch (ClassNotFoundException absent) {
          problems.put(hook.name(), "this JDK has no " + hook.type());
        }
      }
    }
  }

  private List<Class<?>> loadedTypes() {
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (hooksByType.containsKey(loaded.getName().replace('.', '/'))
          && instrumentation.isModifiableClass(loaded)) {
        found.add(loaded);
      }
    }
    return found;
  }

  /** All at once, as each time the JVM stops; one by one where that fails for one of them. */
  private void retransform(List<Class<?>> types) {
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | LinkageError | RuntimeException oneOfThem) {
      types.forEach(this::retransform);
    }
  }

  private void retransform(Class<?> type) {
    try {
      instrumentation.retransformClasses(type);
    } catch (UnmodifiableClassException | LinkageError | RuntimeException failure) {
      hooksByType
          .getOrDefault(type.getName().replace('.', '/'), Collections.emptyList())
          .forEach(hook -> problems.put(hook.name(), "could not be retransformed: " + failure));
    }
  }

  private Capability capability(Hook hook) {
    String problem = problems.get(hook.name());
    if (problem == null && woven.contains(hook.name())) {
      return new Capability(hook.name(), true, "", "");
    }
    String reason = problem == null ? hook.type() + " has not been loaded so far" : problem;
    return new Capability(hook.name(), false, reason, hook.fallback());
  }

  private static Hook hook(TouchMethod touch) {
    return new Hook(
        "touch=" + touch,
        touch.className(),
        touch.matcher(),
        MethodHook.class,
        "its faults are not measured");
  }
}
