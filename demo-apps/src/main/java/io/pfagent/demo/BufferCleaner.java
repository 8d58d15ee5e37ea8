package io.pfagent.demo;

import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * Frees or unmaps a buffer at once instead of when the collector finds it, as Lucene, Netty and
 * Kafka do.
 */
final class BufferCleaner {

  private static final MethodHandle INVOKE_CLEANER =
      SunUnsafe.method("invokeCleaner", void.class, ByteBuffer.class);

  private BufferCleaner() {}

  /**
   * Frees a direct or mapped buffer, which must be no slice or duplicate and must not be used any
   * more: a later access would crash the JVM. Where the JDK would print a warning about that, the
   * buffer is left to the collector.
   */
  static void free(ByteBuffer buffer) {
    if (!JvmOptions.allowUnsafe()) {
      return;
    }
    try {
      INVOKE_CLEANER.invokeExact(buffer);
    } catch (Throwable e) {
      throw SunUnsafe.unchecked("invokeCleaner", e);
    }
  }
}
