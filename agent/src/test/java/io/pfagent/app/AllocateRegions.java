package io.pfagent.app;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Three direct buffers, a mapped file of which every second page is read, a block of
 * sun.misc.Unsafe; says of each what the kernel counted, and gives all but one buffer back.
 */
public final class AllocateRegions {

  private static final int BUFFER = 64 << 20;
  private static final int FILE = 256 << 20;
  private static final List<Object> KEPT = new ArrayList<>();

  private AllocateRegions() {}

  public static void main(String[] arguments) throws Exception {
    TaskFaults.minor(); // loads what it needs
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      buffers.add(allocate());
    }
    map(Path.of(arguments[0]));
    KEPT.add(buffers.get(0));
    clean(buffers.get(1));
    clean(buffers.get(2));
  }

  private static ByteBuffer allocate() {
    long before = TaskFaults.minor();
    int line = TaskFaults.line() + 1;
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    System.out.println("direct-buffer " + (TaskFaults.minor() - before) + " " + line);
    return buffer;
  }

  private static void map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long before = TaskFaults.minor();
      int line = TaskFaults.line() + 1;
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE);
      System.out.println("mapped-file " + (TaskFaults.minor() - before) + " " + line);
      long sum = 0;
      for (int position = 0; position < FILE; position += 8192) {
        sum += mapped.get(position);
      }
      System.out.println("sum " + sum);
      clean(mapped);
    }
  }

  private static void clean(ByteBuffer buffer) {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      var field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      Method invokeCleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
      invokeCleaner.invoke(field.get(null), buffer);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
