package io.pfagent.app;

import java.nio.ByteBuffer;

/** Allocates one buffer and says so. */
public final class SayHello {

  private SayHello() {}

  public static void main(String[] arguments) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    System.out.println(
        "hello " + buffer.capacity() + " loader " + ClassLoader.getSystemClassLoader().getName());
  }
}
