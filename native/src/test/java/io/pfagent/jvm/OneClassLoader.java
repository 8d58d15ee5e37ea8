package io.pfagent.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Defines one class of the class path anew; all else comes from the usual loader. */
final class OneClassLoader extends ClassLoader {

  private final Class<?> own;

  OneClassLoader(Class<?> own) {
    super(own.getClassLoader());
    this.own = own;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.equals(own.getName()) || findLoadedClass(name) != null) {
      return super.loadClass(name, resolve);
    }
    try (InputStream file =
        own.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      byte[] bytes = file.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
