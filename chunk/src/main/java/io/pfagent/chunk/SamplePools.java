package io.pfagent.chunk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The constant pools of a chunk of samples: each constant is added when the first sample needs it.
 *
 * <p>Readers of a recording take a constant from the chunk before if that has one with the same key
 * ({@code ChunkParser.fillConstantPools} in jdk.jfr). So keys are far from any that the JVM uses,
 * and mean the same in all chunks of samples. Only threads have the JVM's own keys, where it has
 * one: readers shall see one thread.
 */
final class SamplePools {

  private static final long KEYS = 1L << 48;
  private static final long PACKAGE_NAMES = KEYS | 1L << 40;

  private final ThreadKeys threadKeys;
  private final Map<String, Integer> packageNumbers;
  private final Map<Integer, Long> threadKeyOfId = new HashMap<>();
  private final Set<Long> writtenThreads = new HashSet<>();
  private final ConstantPool texts;
  private final ConstantPool symbols;
  private final ConstantPool packages;
  private final ConstantPool classes;
  private final ConstantPool methods;
  private final ConstantPool frameTypes;
  private final ConstantPool stacks;
  private final ConstantPool threads;
  private final List<ConstantPool> all;
  private final StructLayout frame;
  private final ByteWriter frames = new ByteWriter(1024);

  /**
   * @param threadKeys of the chunk that the samples go with
   * @param packageNumbers numbers of packages, the same for all chunks; added to
   */
  SamplePools(Metadata metadata, ThreadKeys threadKeys, Map<String, Integer> packageNumbers)
      throws JoinException {
    this.threadKeys = threadKeys;
    this.packageNumbers = packageNumbers;
    texts = pool(metadata, "java.lang.String");
    symbols = pool(metadata, "jdk.types.Symbol", "string");
    packages = pool(metadata, "jdk.types.Package", "name");
    classes = pool(metadata, "java.lang.Class", "name", "package");
    methods = pool(metadata, "jdk.types.Method", "type", "name", "descriptor", "hidden");
    frameTypes = pool(metadata, "jdk.types.FrameType", "description");
    stacks = pool(metadata, "jdk.types.StackTrace", "truncated", "frames");
    threads =
        pool(
            metadata,
            "java.lang.Thread",
            "osThreadId",
            "osName",
            "javaThreadId",
            "javaName",
            "virtual");
    all = List.of(texts, symbols, packages, classes, methods, frameTypes, stacks, threads);
    frame =
        StructLayout.of(
            metadata, "jdk.types.StackFrame", "method", "lineNumber", "bytecodeIndex", "type");
  }

  private static ConstantPool pool(Metadata metadata, String type, String... fields)
      throws JoinException {
    return new ConstantPool(StructLayout.of(metadata, type, fields));
  }

  /** The key of a text; 0 if the segment doesn't have it. */
  long text(int id, SegmentEntries entries) {
    String text = entries.text(id);
    if (text == null) {
      return 0;
    }
    if (texts.isNew(id)) {
      texts.add(KEYS | id, text);
    }
    return KEYS | id;
  }

  /** The key of a thread; 0 if the segment doesn't have it. */
  long thread(int id, SegmentEntries entries) {
    SampleThread thread = entries.thread(id);
    if (thread == null) {
      return 0;
    }
    if (threads.isNew(id)) {
      long keyOfJvm = threadKeys.find(thread);
      long key = keyOfJvm == 0 ? KEYS | id : keyOfJvm;
      if (writtenThreads.add(key)) {
        addThread(key, thread);
      }
      threadKeyOfId.put(id, key);
    }
    return threadKeyOfId.get(id);
  }

  /** The key of a stack; 0 if the segment doesn't have it. */
  long stack(int id, SegmentEntries entries) {
    SampleStack stack = entries.stack(id);
    if (stack == null) {
      return 0;
    }
    if (stacks.isNew(id)) {
      frames.clear();
      frames.number(stack.frames().size());
      for (SampleStack.Frame one : stack.frames()) {
        frame.set(0, method(one.method(), entries));
        frame.set(1, Integer.toUnsignedLong(one.line()));
        frame.set(2, Integer.toUnsignedLong(one.bytecodeIndex()));
        frame.set(3, frameType(one.type()));
        frame.writeTo(frames);
      }
      stacks.layout().set(0, stack.isTruncated() ? 1 : 0);
      stacks.layout().set(1, frames);
      stacks.add(KEYS | id);
    }
    return KEYS | id;
  }

  int pendingBytes() {
    return all.stream().mapToInt(ConstantPool::pendingBytes).sum();
  }

  /** Writes the constants that are not yet written. */
  void writeTo(ByteWriter out) {
    out.number(all.stream().filter(ConstantPool::isPending).count());
    for (ConstantPool pool : all) {
      if (pool.isPending()) {
        pool.writeTo(out);
      }
    }
  }

  private void addThread(long key, SampleThread thread) {
    StructLayout layout = threads.layout();
    layout.set(0, thread.osThreadId());
    layout.set(1, thread.osName());
    layout.set(2, thread.javaThreadId());
    layout.set(3, thread.javaName());
    layout.set(4, thread.isVirtual() ? 1 : 0);
    threads.add(key);
  }

  private long method(int id, SegmentEntries entries) {
    SampleMethod method = entries.method(id);
    if (method == null) {
      return 0;
    }
    if (methods.isNew(id)) {
      StructLayout layout = methods.layout();
      layout.set(0, type(method.className(), entries));
      layout.set(1, symbol(method.name(), entries));
      layout.set(2, symbol(method.descriptor(), entries));
      layout.set(3, method.isHidden() ? 1 : 0);
      methods.add(KEYS | id);
    }
    return KEYS | id;
  }

  private long type(int nameId, SegmentEntries entries) {
    String name = entries.text(nameId);
    if (name == null) {
      return 0;
    }
    if (classes.isNew(nameId)) {
      classes.layout().set(0, symbol(nameId, entries));
      classes.layout().set(1, packageOf(name));
      classes.add(KEYS | nameId);
    }
    return KEYS | nameId;
  }

  private long packageOf(String className) {
    int end = className.lastIndexOf('/');
    if (end <= 0) {
      return 0;
    }
    String name = className.substring(0, end);
    int number = packageNumbers.computeIfAbsent(name, any -> packageNumbers.size() + 1);
    if (packages.isNew(number)) {
      symbols.layout().set(0, name);
      symbols.add(PACKAGE_NAMES | number);
      packages.layout().set(0, PACKAGE_NAMES | number);
      packages.add(KEYS | number);
    }
    return KEYS | number;
  }

  private long symbol(int id, SegmentEntries entries) {
    String text = entries.text(id);
    if (text == null) {
      return 0;
    }
    if (symbols.isNew(id)) {
      symbols.layout().set(0, text);
      symbols.add(KEYS | id);
    }
    return KEYS | id;
  }

  private long frameType(FrameType type) {
    if (frameTypes.isNew(type.code())) {
      frameTypes.layout().set(0, type.jfrName());
      frameTypes.add(KEYS | type.code());
    }
    return KEYS | type.code();
  }
}
