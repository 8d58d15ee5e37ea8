package io.pfagent.chunk;

import java.io.IOException;

/**
 * A thread that faulted.
 *
 * @param osThreadId the kernel's number of it, as {@code gettid(2)} gives
 * @param osName the kernel's name of it; null if it is not known
 * @param javaThreadId as {@link Thread#getId()} gives; 0 if it is no Java thread
 * @param javaName its name in Java; null if it has none
 * @param isVirtual whether it is a virtual thread
 */
public record SampleThread(
    long osThreadId, String osName, long javaThreadId, String javaName, boolean isVirtual) {

  static SampleThread read(ByteReader in) throws IOException {
    long osThreadId = in.number();
    long javaThreadId = in.number();
    boolean isVirtual = in.isSet();
    String osName = in.isSet() ? in.text() : null;
    String javaName = in.isSet() ? in.text() : null;
    return new SampleThread(osThreadId, osName, javaThreadId, javaName, isVirtual);
  }
}
