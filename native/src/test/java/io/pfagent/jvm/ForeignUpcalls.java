package io.pfagent.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Calls of Java by C through java.lang.foreign, where the JDK has it (since 22): by reflection, for
 * the tests are compiled for an older one.
 */
final class ForeignUpcalls {

  private static final String PACKAGE = "java.lang.foreign.";
  private static final boolean AVAILABLE = Runtime.version().feature() >= 22;
  private static final int ELEMENTS = 2;

  private static MethodHandle target;
  private static MethodHandle direct;
  private static MethodHandle sort;

  private ForeignUpcalls() {}

  /** Has C call something, directly and out of qsort(3); does nothing on an old JDK. */
  static void run(MethodHandle runnable) throws ReflectiveOperationException {
    if (!AVAILABLE) {
      return;
    }
    target = runnable;
    if (sort == null) {
      link();
    }
    try {
      direct.invoke();
      sort.invoke();
    } catch (Throwable failure) {
      throw new IllegalStateException("a call of C", failure);
    }
  }

  private static void call() {
    try {
      target.invokeExact();
    } catch (Throwable failure) {
      throw new IllegalStateException("a call by C", failure);
    }
  }

  /** The comparator of qsort(3). */
  static int compare(long left, long right) {
    call();
    return Long.compare(left, right);
  }

  private static void link() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Object none = descriptor(null);
    Object stub =
        upcallStub(
            lookup.findStatic(ForeignUpcalls.class, "call", MethodType.methodType(void.class)),
            none);
    direct = downcall(stub, none);

    Object pointer = layout("JAVA_LONG");
    Object size = layout("JAVA_LONG");
    Object comparator =
        upcallStub(
            lookup.findStatic(
                ForeignUpcalls.class,
                "compare",
                MethodType.methodType(int.class, long.class, long.class)),
            descriptor(layout("JAVA_INT"), pointer, pointer));
    Object array =
        type("Arena")
            .getMethod("allocate", long.class, long.class)
            .invoke(arena(), ELEMENTS * Long.BYTES, Long.BYTES);
    Object qsort = descriptor(null, layout("ADDRESS"), size, size, layout("ADDRESS"));
    sort =
        MethodHandles.insertArguments(
            downcall(find("qsort"), qsort),
            0,
            array,
            (long) ELEMENTS,
            (long) Long.BYTES,
            comparator);
  }

  private static Object upcallStub(MethodHandle method, Object descriptor)
      throws ReflectiveOperationException {
    Method create =
        type("Linker")
            .getMethod(
                "upcallStub",
                MethodHandle.class,
                type("FunctionDescriptor"),
                type("Arena"),
                noOptions().getClass());
    return create.invoke(linker(), method, descriptor, arena(), noOptions());
  }

  private static MethodHandle downcall(Object address, Object descriptor)
      throws ReflectiveOperationException {
    Method create =
        type("Linker")
            .getMethod(
                "downcallHandle",
                type("MemorySegment"),
                type("FunctionDescriptor"),
                noOptions().getClass());
    return (MethodHandle) create.invoke(linker(), address, descriptor, noOptions());
  }

  private static Object find(String symbol) throws ReflectiveOperationException {
    Object lookup = type("Linker").getMethod("defaultLookup").invoke(linker());
    Optional<?> found =
        (Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(lookup, symbol);
    return found.orElseThrow();
  }

  private static Object descriptor(Object result, Object... parameters)
      throws ReflectiveOperationException {
    Class<?> layout = type("MemoryLayout");
    Object array = Array.newInstance(layout, parameters.length);
    System.arraycopy(parameters, 0, array, 0, parameters.length);
    Class<?> function = type("FunctionDescriptor");
    return result == null
        ? function.getMethod("ofVoid", array.getClass()).invoke(null, array)
        : function.getMethod("of", layout, array.getClass()).invoke(null, result, array);
  }

  private static Object layout(String name) throws ReflectiveOperationException {
    return type("ValueLayout").getField(name).get(null);
  }

  private static Object linker() throws ReflectiveOperationException {
    return type("Linker").getMethod("nativeLinker").invoke(null);
  }

  private static Object arena() throws ReflectiveOperationException {
    return type("Arena").getMethod("global").invoke(null);
  }

  private static Object noOptions() throws ReflectiveOperationException {
    return Array.newInstance(type("Linker$Option"), 0);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(PACKAGE + name);
  }
}
