package io.pfagent.chunk;

import java.io.IOException;

/**
 * Is shown what a sample file holds, in the order of the file. What a sample or another entry
 * refers to by number is shown before it, in each segment anew. Numbers start at 1 and mean the
 * same in all segments of a sample file.
 */
public interface SampleVisitor {

  /** A text: a kind of memory, a state of a stack, a name or a descriptor. */
  default void text(int id, String text) throws IOException {}

  /** A thread. */
  default void thread(int id, SampleThread thread) throws IOException {}

  /** A method. */
  default void method(int id, SampleMethod method) throws IOException {}

  /** A stack. */
  default void stack(int id, SampleStack stack) throws IOException {}

  /** Clocks; those of a sample's time may be shown before or after it. */
  default void clock(ClockReading reading) throws IOException {}

  /** A sample. */
  default void sample(Sample sample) throws IOException {}
}
