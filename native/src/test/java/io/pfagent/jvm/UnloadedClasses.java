package io.pfagent.jvm;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;

/** Opens unwinders for the tests, with the JVM's own count of unloaded classes. */
final class UnloadedClasses {

  private UnloadedClasses() {}

  static StackUnwinder unwinder(CodeMap code) {
    ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    return StackUnwinder.open(code, classes::getUnloadedClassCount);
  }
}
