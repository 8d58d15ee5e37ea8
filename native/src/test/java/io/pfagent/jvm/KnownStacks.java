package io.pfagent.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Code whose stacks are hard, each ending in {@link #touch}: what the compilers inline, split and
 * deoptimise, and the ways by which the JVM and the JDK call Java.
 */
final class KnownStacks {

  private static final int DEEP = 200;

  /** A class of another loader cannot see this package: it finds its task here. */
  private static final String INITIALISED = "io.pfagent.jvm.initialised";

  private final Truth truth;
  private final Random random = new Random(1);
  private Shape shape = new Square(this);
  private int sink;

  KnownStacks(Truth truth) {
    this.truth = truth;
    System.getProperties().put(INITIALISED, new Upcall());
  }

  /** Of no meaning; keeps the compilers from leaving work out. */
  int sink() {
    return sink;
  }

  /** One round of all, while there are pages to touch. */
  void round(int index) throws Exception {
    recurse(random.nextInt(12));
    if (index % 50 == 0) {
      recurse(DEEP);
    }
    polymorphic(index);
    lambdas(index % 5);
    synchronizedRecursion(3);
    exceptions(5);
    manyArguments(1, 2L, 3.0, 4.0f, "5", 6, 7L, 8.0, (byte) 9, (short) 10, 'b', true);
    handles();
    intrinsics();
    loop();
    if (index % 7 == 0) {
      reflection();
      fromNative();
      ForeignUpcalls.run(TOUCH.bindTo(this));
      library();
    }
    if (index % 40 == 0) {
      initialiser();
      threads();
    }
    deoptimise(index);
  }

  /** Faults once, after saying where it stands. */
  void touch() {
    int offset = truth.page(new Throwable());
    if (offset >= 0) {
      truth.region().memory().put(offset, (byte) 1);
    }
  }

  /** Faults in a stub or in a native function. */
  private void touchByCopy() {
    int offset = truth.page(new Throwable());
    if (offset >= 0) {
      truth.region().memory().put(offset, ONE_PAGE);
    }
  }

  private void touchByFill() {
    int offset = truth.page(new Throwable());
    if (offset >= 0) {
      long address = truth.region().address() + offset;
      try {
        SET_MEMORY.invokeExact(address, 4096L, (byte) 1);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  private void recurse(int depth) {
    if (depth == 0) {
      touch();
    } else {
      recurse(depth - 1);
    }
    sink++;
  }

  private abstract static class Shape {
    abstract void draw(int depth);
  }

  private static final class Square extends Shape {
    private final KnownStacks stacks;

    Square(KnownStacks stacks) {
      this.stacks = stacks;
    }

    @Override
    void draw(int depth) {
      if (depth > 0) {
        draw(depth - 1);
      } else {
        stacks.touch();
      }
    }
  }

  private static final class Circle extends Shape {
    private final KnownStacks stacks;

    Circle(KnownStacks stacks) {
      this.stacks = stacks;
    }

    @Override
    void draw(int depth) {
      stacks.touch();
    }
  }

  private void polymorphic(int index) {
    if (index % 1000 == 600) {
      shape = shape instanceof Square ? new Circle(this) : new Square(this);
    }
    shape.draw(index % 4);
    sink++;
  }

  private void lambdas(int depth) {
    Runnable task =
        () -> {
          if (depth > 0) {
            lambdas(depth - 1);
          } else {
            touch();
          }
          sink++;
        };
    task.run();
  }

  private synchronized void synchronizedRecursion(int depth) {
    if (depth == 0) {
      touch();
    } else {
      synchronizedRecursion(depth - 1);
    }
  }

  private void exceptions(int depth) {
    try {
      throwing(depth);
    } catch (ArithmeticException expected) {
      touch();
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private void throwing(int depth) {
    try {
      sink /= depth; // the innermost divides by zero
      throwing(depth - 1);
    } finally {
      touch();
    }
  }

  @SuppressWarnings("TooManyParameters")
  private double manyArguments(
      int a,
      long b,
      double c,
      float d,
      String e,
      int f,
      long g,
      double h,
      byte i,
      short j,
      char k,
      boolean l) {
    touch();
    return a + b + c + d + e.length() + f + g + h + i + j + k + (l ? 1 : 0);
  }

  private static final MethodHandle TOUCH = handle("touch");
  private static final MethodHandle GUARDED =
      MethodHandles.dropArguments(TOUCH, 0, int.class, String.class);

  private static MethodHandle handle(String name) {
    try {
      return MethodHandles.lookup()
          .findVirtual(KnownStacks.class, name, MethodType.methodType(void.class));
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(name, impossible);
    }
  }

  private void handles() {
    try {
      TOUCH.invokeExact(this);
      GUARDED.invokeExact(1, "", this);
      TOUCH.bindTo(this).invoke();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private void intrinsics() {
    touchByCopy();
    touchByFill();
    sink++;
  }

  /** Long enough to be replaced on the stack while it runs. */
  private void loop() {
    for (int i = 0; i < 300; i++) {
      sink += i;
      if (i == 250) {
        touch();
      }
    }
  }

  private void reflection() throws ReflectiveOperationException {
    Method method = KnownStacks.class.getDeclaredMethod("touch");
    method.invoke(this);
  }

  private void fromNative() {
    UnwinderLibrary.call(new Upcall());
  }

  private final class Upcall implements Runnable {
    @Override
    public void run() {
      touch();
    }
  }

  private void library() {
    Integer[] numbers = {3, 1, 2};
    Arrays.sort(
        numbers,
        (left, right) -> {
          touch();
          return left - right;
        });
    sink +=
        IntStream.range(0, 4)
            .boxed()
            .map(
                i -> {
                  touch();
                  return i + 1;
                })
            .filter(i -> i % 2 == 0)
            .sorted()
            .toList()
            .size();
    sink +=
        Pattern.compile("(a|b)*c")
            .matcher("ababc")
            .replaceAll(
                match -> {
                  touch();
                  return "";
                })
            .length();
  }

  /** Loaded anew, and so initialised anew, by a loader that is thrown away. */
  static final class Initialised {
    static {
      ((Runnable) System.getProperties().get(INITIALISED)).run();
    }

    private Initialised() {}
  }

  private void initialiser() throws Exception {
    OneClassLoader.again(Initialised.class);
  }

  private void threads() throws InterruptedException {
    Thread thread = new Thread(this::touch);
    thread.start();
    thread.join();
  }

  /** What was never seen before throws away the code that was compiled on its absence. */
  private void deoptimise(int index) {
    List<Object> seen = List.of(index % 5000 < 4900 ? (Object) index : String.valueOf(index));
    Object one = seen.get(0);
    if (one instanceof Integer) {
      inner(index);
    } else {
      inner(one.hashCode());
    }
  }

  private void inner(int value) {
    if (value % 3 == 0) {
      touch();
    }
    sink += value;
  }

  private static final byte[] ONE_PAGE = new byte[4096];
  private static final MethodHandle SET_MEMORY = setMemory();

  /** {@code sun.misc.Unsafe.setMemory}, by name: javac warns about every mention of the class. */
  private static MethodHandle setMemory() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      MethodType type = MethodType.methodType(void.class, long.class, long.class, byte.class);
      return MethodHandles.lookup().bind(instance.get(null), "setMemory", type);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("sun.misc.Unsafe.setMemory", impossible);
    }
  }
}
