package io.pfagent.sample;

import io.pfagent.chunk.ClockReading;
import io.pfagent.chunk.FrameType;
import io.pfagent.chunk.Frames;
import io.pfagent.chunk.SampleFile;
import io.pfagent.jvm.JavaCode;
import io.pfagent.jvm.JavaFrames;
import io.pfagent.jvm.MethodName;
import io.pfagent.kernel.NativeSymbols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes samples to the file from which they get into recordings. Threads and methods are told to
 * it once, and by number after that: a sample whose thread and frames are known makes no object.
 * Used by the sampler's thread.
 */
final class SampleSpool implements AutoCloseable {

  private final SampleFile file;
  private final JavaCode code;
  private final LongSupplier jfrTicks;
  private final Frames frames = new Frames();
  private final IntTable threads = new IntTable();
  private final IntTable methods = new IntTable();
  private final Map<NativeSymbols.Symbol, Integer> functions = new HashMap<>();
  private int generation;

  /**
   * @param jfrTicks the clock that JFR stamps its events with, 0 where it can't be read
   */
  SampleSpool(Path directory, long mostBytes, JavaCode code, LongSupplier jfrTicks)
      throws IOException {
    this.file = SampleFile.create(directory, mostBytes);
    this.code = code;
    this.jfrTicks = jfrTicks;
    this.generation = file.generation();
    readClocks();
  }

  Path directory() {
    return file.directory();
  }

  /** Samples that had to go because the file would have grown too large. */
  long droppedSamples() {
    return file.droppedSamples();
  }

  /** Takes a sample. */
  void add(ResolvedFault fault, SampledStack stack, StackState state) throws IOException {
    file.sample(
        fault.nanoTime(),
        thread(fault.thread()),
        stack(stack, state),
        fault.regionId(),
        fault.kind().label(),
        fault.address(),
        fault.offset(),
        fault.isMajor(),
        fault.inKernel(),
        fault.weight(),
        state.label());
  }

  /** What was taken until now survives the process from here on. */
  void flush() throws IOException {
    readClocks();
    file.flush();
    if (file.generation() != generation) {
      generation = file.generation();
      threads.clear();
      methods.clear();
      functions.clear();
    }
  }

  @Override
  public void close() throws IOException {
    readClocks();
    file.close();
  }

  private void readClocks() throws IOException {
    file.clock(ClockReading.now(jfrTicks));
  }

  private int thread(SampledThreads.Known thread) {
    int number = threads.get(thread.number());
    if (number == IntTable.NONE) {
      number =
          file.thread(
              thread.osThreadId(), thread.osName(), thread.javaId(), thread.javaName(), false);
      threads.put(thread.number(), number);
    }
    return number;
  }

  private int stack(SampledStack stack, StackState state) {
    frames.clear();
    if (stack.nativeTop() != null) {
      frames.add(function(stack.nativeTop()), -1, -1, FrameType.NATIVE);
    }
    JavaFrames java = stack.frames();
    for (int i = 0; i < java.size(); i++) {
      // Where a library names none of its functions, one frame says as much as twenty.
      if (i == 0 || !isSameNative(java, i - 1, i)) {
        frames.add(method(java.method(i)), java.line(i), java.bci(i), type(java.type(i)));
      }
    }
    if (state != StackState.COMPLETE) {
      frames.truncate();
    }
    return file.stack(frames);
  }

  private static boolean isSameNative(JavaFrames java, int one, int other) {
    return java.type(one) == io.pfagent.jvm.FrameType.NATIVE
        && java.type(other) == io.pfagent.jvm.FrameType.NATIVE
        && java.line(one) < 0
        && java.line(other) < 0
        && java.method(one) == java.method(other);
  }

  private int method(int id) {
    int number = methods.get(id);
    if (number == IntTable.NONE) {
      MethodName name = code.method(id);
      number =
          file.method(
              SampleLabels.className(name).replace('.', '/'),
              SampleLabels.methodName(name),
              name.descriptor().isEmpty() ? "()" : name.descriptor(),
              false);
      methods.put(id, number);
    }
    return number;
  }

  private int function(NativeSymbols.Symbol symbol) {
    Integer number = functions.get(symbol);
    if (number == null) {
      number = file.method(symbol.library(), SampleLabels.methodName(symbol), "()", false);
      functions.put(symbol, number);
    }
    return number;
  }

  private static FrameType type(io.pfagent.jvm.FrameType type) {
    return switch (type) {
      case COMPILED -> FrameType.JIT_COMPILED;
      case INLINED -> FrameType.INLINED;
      case INTERPRETED -> FrameType.INTERPRETED;
      case STUB, NATIVE -> FrameType.NATIVE;
    };
  }
}
