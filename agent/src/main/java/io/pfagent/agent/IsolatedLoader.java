package io.pfagent.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the agent, JNA, ByteBuddy and what else is packed below {@code pfagent/} in the jar. The
 * application's class path doesn't see these classes, and they don't see it: both may bring their
 * own versions.
 *
 * <p>As an agent, the classes form the named module {@code io.pfagent}. A named module can be
 * granted native access (JEP 472) alone; unnamed modules share one grant, the application's
 * included.
 */
final class IsolatedLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String MODULE = "io.pfagent";
  private static final String PREFIX = "pfagent/";

  /** What the agent can use of the JDK; a JVM may run without some of them. */
  private static final List<String> JDK_MODULES =
      List.of(
          "java.instrument",
          "java.logging",
          "java.management",
          "jdk.attach",
          "jdk.jfr",
          "jdk.management",
          "jdk.unsupported");

  private final JarFile jar;
  private final ProtectionDomain domain;
  private final Set<String> packages;

  private IsolatedLoader(Path jar) throws IOException {
    super("pfagent", ClassLoader.getPlatformClassLoader());
    this.jar = new JarFile(jar.toFile());
    this.domain =
        new ProtectionDomain(new CodeSource(jar.toUri().toURL(), (Certificate[]) null), null);
    this.packages = packages(this.jar);
  }

  /**
   * For the command line: the classes stand in the unnamed module, as the manifest's grant says.
   */
  static ClassLoader forCommand(Path jar) throws IOException {
    return new IsolatedLoader(jar);
  }

  /** For the agent: the classes stand in a module of their own. */
  static ClassLoader forAgent(Path jar) throws IOException {
    IsolatedLoader loader = new IsolatedLoader(jar);
    ModuleLayer boot = ModuleLayer.boot();
    ModuleDescriptor.Builder descriptor =
        ModuleDescriptor.newOpenModule(MODULE).packages(loader.packages);
    for (String name : JDK_MODULES) {
      if (boot.findModule(name).isPresent()) {
        descriptor.requires(name);
      }
    }
    Configuration configuration =
        boot.configuration()
            .resolve(
                new SingleModule(new Reference(descriptor.build(), jar.toUri())),
                ModuleFinder.of(),
                Set.of(MODULE));
    ModuleLayer.defineModules(configuration, List.of(boot), name -> loader);
    return loader;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!packages.contains(packageOf(name))) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] classFile = read(name.replace('.', '/') + ".class");
    if (classFile == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, classFile, 0, classFile.length, domain);
  }

  @Override
  protected Class<?> findClass(String module, String name) {
    try {
      return module == null || module.equals(MODULE) ? loadClass(name, false) : null;
    } catch (ClassNotFoundException absent) {
      return null;
    }
  }

  @Override
  protected URL findResource(String name) {
    byte[] content = read(name);
    return content == null ? null : url(name, content);
  }

  @Override
  protected URL findResource(String module, String name) {
    return module == null || module.equals(MODULE) ? findResource(name) : null;
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    byte[] content = read(name);
    return content == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(content);
  }

  private byte[] read(String name) {
    JarEntry entry = jar.getJarEntry(PREFIX + name);
    if (entry == null || entry.isDirectory()) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + entry + " of " + jar.getName(), unreadable);
    }
  }

  /** A URL of its own kind: the JDK's for entries of jars would keep a second open file. */
  private static URL url(String name, byte[] content) {
    URLStreamHandler handler =
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() {
                return new ByteArrayInputStream(content);
              }

              @Override
              public long getContentLengthLong() {
                return content.length;
              }
            };
          }
        };
    try {
      return new URL("pfagent", null, -1, "/" + name, handler);
    } catch (MalformedURLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }

  /** Those of the packed classes; what is to be defined inside java.base is not among them. */
  private static Set<String> packages(JarFile jar) {
    Set<String> found = new HashSet<>();
    for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      String name = entries.nextElement().getName();
      int slash = name.lastIndexOf('/');
      if (name.startsWith(PREFIX) && name.endsWith(".class") && slash >= PREFIX.length()) {
        found.add(name.substring(PREFIX.length(), slash));
      }
    }
    Set<String> packages = new HashSet<>();
    for (String folder : found) {
      if (!folder.startsWith("java/")) {
        packages.add(folder.replace('/', '.'));
      }
    }
    return packages;
  }

  private record SingleModule(ModuleReference reference) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String name) {
      return name.equals(MODULE) ? Optional.of(reference) : Optional.empty();
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.of(reference);
    }
  }

  /** Nobody reads the module through it: the loader does, from the jar. */
  private static final class Reference extends ModuleReference {
    Reference(ModuleDescriptor descriptor, URI location) {
      super(descriptor, location);
    }

    @Override
    public ModuleReader open() throws IOException {
      throw new IOException("read through the class loader");
    }
  }
}
