package io.pfagent.sample;

import io.pfagent.jvm.JavaCode;
import io.pfagent.kernel.Tasks;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the sampler is made of.
 *
 * @param code names compiled code
 * @param stacks how stacks are had; belongs to the sampler's thread from then on
 * @param javaThreads as above
 * @param tasks as above
 * @param jvmAreas what the JVM tells of its memory
 * @param jfrTicks the clock that JFR stamps its events with, 0 where it can't be read
 * @param failures takes what went wrong, once each
 */
public record SamplerParts(
    JavaCode code,
    StackReading stacks,
    JavaThreads javaThreads,
    Tasks tasks,
    Supplier<List<JvmArea>> jvmAreas,
    LongSupplier jfrTicks,
    Consumer<Throwable> failures) {}
