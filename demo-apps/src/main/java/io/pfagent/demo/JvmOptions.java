package io.pfagent.demo;

import java.lang.management.ManagementFactory;

/**
 * What newer JDKs allow without a warning on stderr. Only the JDK's version and the command line
 * decide, so a demo goes the same way with and without an agent that opens more.
 */
final class JvmOptions {

  private JvmOptions() {}

  /**
   * Says whether {@code sun.misc.Unsafe} may access and free memory: since JDK 24 (JEP 498) the
   * first use prints a warning unless {@code --sun-misc-unsafe-memory-access=allow} is given.
   */
  static boolean allowUnsafe() {
    return Runtime.version().feature() < 24 || isGiven("--sun-misc-unsafe-memory-access=allow");
  }

  /**
   * Says whether libraries may call native functions through {@code java.lang.foreign}: there the
   * first use prints a warning unless {@code --enable-native-access=ALL-UNNAMED} is given.
   */
  static boolean allowNativeAccess() {
    return isGiven("--enable-native-access=ALL-UNNAMED");
  }

  private static boolean isGiven(String option) {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().contains(option);
  }
}
