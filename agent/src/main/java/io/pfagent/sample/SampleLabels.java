package io.pfagent.sample;

import io.pfagent.jvm.MethodName;
import io.pfagent.kernel.NativeSymbols;

/** How code without a Java method is named in stacks. */
final class SampleLabels {

  /** In place of the class of code that the JVM has generated for itself. */
  private static final String STUB = "[jvm]";

  private static final String UNKNOWN = "[unknown]";

  private SampleLabels() {}

  static String className(MethodName name) {
    return name.className().isEmpty() ? STUB : name.className();
  }

  static String methodName(MethodName name) {
    return name.methodName().isEmpty() ? UNKNOWN : name.methodName();
  }

  static String methodName(NativeSymbols.Symbol symbol) {
    return symbol.function().isEmpty() ? UNKNOWN : symbol.function();
  }
}
