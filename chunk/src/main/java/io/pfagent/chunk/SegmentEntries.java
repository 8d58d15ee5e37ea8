package io.pfagent.chunk;

import java.util.HashMap;
import java.util.Map;

/** Keeps what the samples of one segment share. */
class SegmentEntries implements SampleVisitor {

  private final Map<Integer, String> texts = new HashMap<>();
  private final Map<Integer, SampleThread> threads = new HashMap<>();
  private final Map<Integer, SampleMethod> methods = new HashMap<>();
  private final Map<Integer, SampleStack> stacks = new HashMap<>();

  @Override
  public final void text(int id, String text) {
    texts.put(id, text);
  }

  @Override
  public final void thread(int id, SampleThread thread) {
    threads.put(id, thread);
  }

  @Override
  public final void method(int id, SampleMethod method) {
    methods.put(id, method);
  }

  @Override
  public final void stack(int id, SampleStack stack) {
    stacks.put(id, stack);
  }

  /** The entry, or null if the segment has none of this number. */
  final String text(int id) {
    return texts.get(id);
  }

  /** The entry, or null if the segment has none of this number. */
  final SampleThread thread(int id) {
    return threads.get(id);
  }

  /** The entry, or null if the segment has none of this number. */
  final SampleMethod method(int id) {
    return methods.get(id);
  }

  /** The entry, or null if the segment has none of this number. */
  final SampleStack stack(int id) {
    return stacks.get(id);
  }
}
