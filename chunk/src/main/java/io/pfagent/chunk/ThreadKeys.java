package io.pfagent.chunk;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys under which a chunk of the JVM has its threads: a thread with the same key is the same
 * one to those who read the recording.
 *
 * <pre>
 *   pools of a chunk, the last first
 *
 *   size 1 start duration delta flags count { type count { key value } }
 *                         |
 *                         from this event to the one before, 0 at the first
 * </pre>
 */
final class ThreadKeys {

  private static final String[] IDS = {"javaThreadId", "osThreadId"};

  private final Map<Long, Long> byJavaId = new HashMap<>();
  private final Map<Long, Long> byOsId = new HashMap<>();

  private ThreadKeys() {}

  /**
   * Reads the keys.
   *
   * @throws JoinException if the chunk is damaged
   */
  static ThreadKeys read(RecordingChunks recording, ChunkHeader chunk, Metadata metadata)
      throws IOException {
    ThreadKeys keys = new ThreadKeys();
    long position = chunk.poolPosition();
    long before = -1;
    while (position != before) {
      before = position;
      byte[] event = recording.event(chunk, position);
      try {
        position += keys.read(new ByteReader(event, event.length), metadata);
      } catch (IOException | RuntimeException e) {
        throw new JoinException(
            "%s is damaged: the constants at byte %,d make no sense: %s"
                .formatted(recording.path(), chunk.start() + position, e.getMessage()),
            e);
      }
    }
    return keys;
  }

  /** The key of a thread; 0 if the chunk doesn't have it. */
  long find(SampleThread thread) {
    Long key =
        thread.javaThreadId() != 0
            ? byJavaId.get(thread.javaThreadId())
            : byOsId.get(thread.osThreadId());
    return key == null ? 0 : key;
  }

  /** Gives how far it is to the event before; it lies there, so that is no more than 0. */
  private long read(ByteReader in, Metadata metadata) throws IOException {
    ValueReader values = new ValueReader(metadata);
    in.number();
    if (in.number() != 1) {
      throw new IOException("the event holds no constants");
    }
    in.number();
    in.number();
    long delta = in.number();
    in.get();
    int pools = in.count();
    for (int i = 0; i < pools; i++) {
      TypeDescriptor type = metadata.type(in.number());
      boolean areThreads = type.name().equals("java.lang.Thread");
      int count = in.count();
      for (int j = 0; j < count; j++) {
        long key = in.number();
        if (areThreads) {
          readThread(in, key, type, values);
        } else {
          values.skip(in, type);
        }
      }
    }
    if (delta > 0) {
      throw new IOException("what should come before follows");
    }
    return delta;
  }

  private void readThread(ByteReader in, long key, TypeDescriptor type, ValueReader values)
      throws IOException {
    long[] ids = new long[IDS.length];
    values.pick(in, type, IDS, ids);
    if (ids[0] != 0) {
      byJavaId.put(ids[0], key);
    }
    if (ids[1] != 0) {
      byOsId.put(ids[1], key); // a thread that ended before anyone asked for its name, too
    }
  }
}
