package io.pfagent.agent;

import io.pfagent.agent.Options.Stacks;
import io.pfagent.jvm.AddressRange;
import io.pfagent.jvm.CodeMap;
import io.pfagent.jvm.JavaCode;
import io.pfagent.jvm.JvmFlags;
import io.pfagent.jvm.StackUnwinder;
import io.pfagent.kernel.Capability;
import io.pfagent.sample.StackReading;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * How stacks are had here: as the options say, or the best that this JVM allows. Copied stacks come
 * first, then frame pointers, then the top frame alone.
 */
record StackChoice(StackReading reading, Capability capability) {

  private static final String NAME = "stacks";
  private static final String LEAF_ONLY =
      "the method that has faulted, inlined ones included, without its callers";

  /**
   * Chooses.
   *
   * @param codeCache where the JVM's own code is; empty if it doesn't tell
   */
  static StackChoice of(Stacks wanted, JavaCode code, Optional<AddressRange> codeCache) {
    return switch (wanted) {
      case LEAF -> new StackChoice(StackReading.leaf(codeCache), available());
      case FP -> framePointers("", codeCache);
      case COPY, AUTO -> copies(code, codeCache);
    };
  }

  private static StackChoice copies(JavaCode code, Optional<AddressRange> codeCache) {
    if (!(code instanceof CodeMap map)) {
      return framePointers("copied stacks need libpfagent.so; ", codeCache);
    }
    if (!Management.IS_PRESENT) {
      return framePointers("copied stacks need the module java.management; ", codeCache);
    }
    StackUnwinder unwinder =
        StackUnwinder.open(map, ManagementFactory.getClassLoadingMXBean()::getUnloadedClassCount);
    if (unwinder.capability().available()) {
      return new StackChoice(StackReading.copies(unwinder, codeCache), available());
    }
    unwinder.close();
    return framePointers(
        "stacks can't be copied: " + unwinder.capability().reason() + "; ", codeCache);
  }

  /**
   * Along frame pointers, or without callers.
   *
   * @param before why it has come to that
   */
  private static StackChoice framePointers(String before, Optional<AddressRange> codeCache) {
    if (JvmFlags.isOn("PreserveFramePointer").orElse(false)) {
      Capability capability =
          before.isEmpty()
              ? available()
              : new Capability(NAME, false, before, "frame pointers, as this JVM keeps them");
      return new StackChoice(StackReading.framePointers(codeCache), capability);
    }
    return new StackChoice(
        StackReading.leaf(codeCache),
        new Capability(
            NAME,
            false,
            before + "this JVM keeps no frame pointers, which -XX:+PreserveFramePointer changes",
            LEAF_ONLY));
  }

  private static Capability available() {
    return new Capability(NAME, true, "", "");
  }
}
