package io.pfagent.app;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * A system class loader as an application may bring one. The method that takes the jars of agents
 * is what java.lang.instrument asks of it: without, no JVM starts with an agent.
 */
public final class OwnLoader extends URLClassLoader {

  public OwnLoader(ClassLoader parent) {
    super("OwnLoader", new URL[0], parent);
  }

  @SuppressWarnings("unused") // called by the JVM
  private void appendToClassPathForInstrumentation(String jar) throws MalformedURLException {
    addURL(Path.of(jar).toUri().toURL());
  }
}
