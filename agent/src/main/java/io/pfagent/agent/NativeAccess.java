package io.pfagent.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Native access for the agent's own module (JEP 472): without it newer JDKs warn on standard error
 * when JNA loads its library, and later ones will refuse. The grant covers the module {@code
 * io.pfagent} alone; the application's own native access is neither granted nor hidden.
 */
final class NativeAccess {

  private NativeAccess() {}

  /**
   * Grants it, where the JDK asks for it. Needs {@code java.lang} opened to this module.
   *
   * @return whether there is nothing left to warn of
   */
  static boolean grant() {
    if (Runtime.version().feature() < 22) {
      return true;
    }
    try {
      MethodHandle grant =
          MethodHandles.privateLookupIn(Module.class, MethodHandles.lookup())
              .findVirtual(
                  Module.class, "implAddEnableNativeAccess", MethodType.methodType(Module.class));
      Module granted = (Module) grant.invokeExact(NativeAccess.class.getModule());
      return granted.isNamed();
    } catch (Throwable changed) {
      return false;
    }
  }
}
