package io.pfagent.jvm;

import java.util.Objects;

/**
 * What a method is called. A part that is not known is the empty string.
 *
 * @param className binary name as of {@link Class#getName()}, for example {@code
 *     java.util.HashMap$Node}; empty for a stub
 * @param methodName {@code get}, {@code <init>}; of a stub what the JVM calls it
 * @param descriptor {@code (Ljava/lang/Object;)Ljava/lang/Object;}
 * @param sourceFile {@code HashMap.java}
 */
public record MethodName(
    String className, String methodName, String descriptor, String sourceFile) {

  /** Of code whose name the JVM did not tell, or that is gone for too long. */
  public static final MethodName UNKNOWN = new MethodName("", "unknown", "", "");

  /** Refuses nulls. */
  public MethodName {
    Objects.requireNonNull(className, "className");
    Objects.requireNonNull(methodName, "methodName");
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(sourceFile, "sourceFile");
  }

  /**
   * As JVMTI gives it.
   *
   * @param signature {@code Ljava/util/HashMap$Node;}; a hidden class has a dot before its suffix
   *     (GetClassSignature in the JVMTI specification)
   */
  static MethodName ofSignature(
      String signature, String methodName, String descriptor, String sourceFile) {
    return new MethodName(
        className(orEmpty(signature)),
        orEmpty(methodName),
        orEmpty(descriptor),
        orEmpty(sourceFile));
  }

  private static String className(String signature) {
    if (!signature.startsWith("L") || !signature.endsWith(";")) {
      return signature;
    }
    String name = signature.substring(1, signature.length() - 1);
    int dot = name.lastIndexOf('.');
    return dot < 0
        ? name.replace('/', '.')
        : name.substring(0, dot).replace('/', '.') + '/' + name.substring(dot + 1);
  }

  private static String orEmpty(String part) {
    return part == null ? "" : part;
  }
}
