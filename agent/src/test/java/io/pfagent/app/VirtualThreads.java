package io.pfagent.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/** Eight virtual threads, each with a buffer of its own; for JDKs that have them. */
final class VirtualThreads {

  private static final int BYTES = 40 << 20;

  private VirtualThreads() {}

  public static void main(String[] args) throws Throwable {
    MethodHandle start =
        MethodHandles.lookup()
            .findStatic(
                Thread.class,
                "startVirtualThread",
                MethodType.methodType(Thread.class, Runnable.class));
    long sum = 0;
    for (int i = 0; i < 8; i++) {
      ByteBuffer[] buffer = new ByteBuffer[1];
      Runnable work = () -> buffer[0] = ByteBuffer.allocateDirect(BYTES);
      Thread thread = (Thread) start.invokeExact(work);
      thread.join();
      sum += buffer[0].capacity();
    }
    System.out.println(sum);
  }
}
