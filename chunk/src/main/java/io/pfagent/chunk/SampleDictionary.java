package io.pfagent.chunk;

import java.io.IOException;

/**
 * What samples share: texts, threads, methods and stacks. A segment is given an entry when the
 * first of its samples needs it, behind all that the entry refers to.
 */
final class SampleDictionary {

  /** About 70,000 stacks of 30 frames. */
  static final long MOST_HEAP_BYTES = 32L << 20;

  private final long mostHeapBytes;
  private final Dictionary texts = new Dictionary(SegmentFormat.TEXT);
  private final Dictionary threads = new Dictionary(SegmentFormat.THREAD);
  private final Dictionary methods = new Dictionary(SegmentFormat.METHOD);
  private final Dictionary stacks = new Dictionary(SegmentFormat.STACK);
  private final ByteWriter scratch = new ByteWriter(1024);
  private int generation;

  SampleDictionary(long mostHeapBytes) {
    this.mostHeapBytes = mostHeapBytes;
  }

  int generation() {
    return generation;
  }

  /** Forgets everything if it is near its bound, and says whether it was. */
  boolean renewIfFull() {
    if (heapBytes() < mostHeapBytes - mostHeapBytes / 4) {
      return false;
    }
    texts.clear();
    threads.clear();
    methods.clear();
    stacks.clear();
    generation++;
    return true;
  }

  int text(String text) {
    if (text == null) {
      return 0;
    }
    scratch.clear();
    scratch.text(text, SegmentFormat.MOST_CHARS);
    return number(texts);
  }

  int thread(
      long osThreadId, String osName, long javaThreadId, String javaName, boolean isVirtual) {
    scratch.clear();
    scratch.number(osThreadId);
    scratch.number(javaThreadId);
    scratch.put(isVirtual);
    putName(osName);
    putName(javaName);
    return number(threads);
  }

  int method(String className, String methodName, String descriptor, boolean isHidden) {
    int classNumber = text(className);
    int nameNumber = text(methodName);
    int descriptorNumber = text(descriptor);
    if (classNumber == 0 || nameNumber == 0) {
      return 0;
    }
    scratch.clear();
    scratch.number(classNumber);
    scratch.number(nameNumber);
    scratch.number(descriptorNumber);
    scratch.put(isHidden);
    return number(methods);
  }

  int stack(Frames frames) {
    for (int i = 0; i < frames.size(); i++) {
      if (!methods.has(frames.method(i))) {
        return 0;
      }
    }
    if (frames.size() == 0) {
      return 0;
    }
    scratch.clear();
    frames.writeTo(scratch);
    return number(stacks);
  }

  /** Sees to it that the segment has the text. */
  void enterText(int number, SegmentWriter segment) throws IOException {
    if (texts.has(number)) {
      enter(texts, number, segment);
    }
  }

  /**
   * Sees to it that the segment has the thread.
   *
   * @return its number, or 0 if there is no such thread
   */
  int enterThread(int number, SegmentWriter segment) throws IOException {
    if (!threads.has(number)) {
      return 0;
    }
    enter(threads, number, segment);
    return number;
  }

  /**
   * Sees to it that the segment has the stack, and its methods and their names before it.
   *
   * @return its number, or 0 if there is no such stack
   */
  int enterStack(int number, SegmentWriter segment) throws IOException {
    if (!stacks.has(number)) {
      return 0;
    }
    if (!stacks.isIn(number, segment.number())) {
      SampleStack stack = SampleStack.read(stacks.content(number));
      for (SampleStack.Frame frame : stack.frames()) {
        enterMethod(frame.method(), segment);
      }
      enter(stacks, number, segment);
    }
    return number;
  }

  private void enterMethod(int number, SegmentWriter segment) throws IOException {
    if (!methods.isIn(number, segment.number())) {
      SampleMethod method = SampleMethod.read(methods.content(number));
      enterText(method.className(), segment);
      enterText(method.name(), segment);
      enterText(method.descriptor(), segment);
      enter(methods, number, segment);
    }
  }

  private static void enter(Dictionary entries, int number, SegmentWriter segment)
      throws IOException {
    if (!entries.isIn(number, segment.number())) {
      entries.writeTo(segment.block(), number);
      entries.enter(number, segment.number());
      segment.recordDone();
    }
  }

  private void putName(String name) {
    scratch.put(name != null);
    if (name != null) {
      scratch.text(name, SegmentFormat.MOST_CHARS);
    }
  }

  private int number(Dictionary entries) {
    int number = entries.find(scratch);
    return number != 0 || heapBytes() >= mostHeapBytes ? number : entries.add(scratch);
  }

  private long heapBytes() {
    return texts.heapBytes() + threads.heapBytes() + methods.heapBytes() + stacks.heapBytes();
  }
}
