package io.pfagent.jvm;

import io.pfagent.kernel.VmStructs;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The flags that this JVM was started with ({@code -XX:}), from HotSpot's own table of them
 * (JVMFlag in src/hotspot/share/runtime/flags/jvmFlag.hpp). Unlike the management beans it starts
 * up nothing.
 */
public final class JvmFlags {

  /** HotSpot has some 1,500: an end, should the number be nonsense. */
  private static final int MOST_FLAGS = 10_000;

  private JvmFlags() {}

  /** Whether a flag without a value is on; empty if the JVM has no such flag, or doesn't tell. */
  public static Optional<Boolean> isOn(String name) {
    return VmStructs.ofThisJvm()
        .flatMap(structs -> value(structs, name).map(value -> (byte) value.longValue() != 0));
  }

  /** Whether a flag that takes a text has this one. */
  public static boolean isText(String name, String text) {
    return VmStructs.ofThisJvm()
        .filter(
            structs ->
                value(structs, name)
                    .filter(address -> address != 0 && structs.isString(address, text))
                    .isPresent())
        .isPresent();
  }

  /** The word where a flag's value begins. */
  private static Optional<Long> value(VmStructs structs, String name) {
    Optional<VmStructs.Field> flags = structs.staticField("JVMFlag", "flags");
    Optional<VmStructs.Field> count = structs.staticField("JVMFlag", "numFlags");
    Optional<VmStructs.Field> nameField = structs.field("JVMFlag", "_name");
    Optional<VmStructs.Field> addressField = structs.field("JVMFlag", "_addr");
    OptionalLong stride = structs.sizeOf("JVMFlag");
    if (flags.isEmpty()
        || count.isEmpty()
        || nameField.isEmpty()
        || addressField.isEmpty()
        || stride.isEmpty()) {
      return Optional.empty();
    }
    long flag = structs.read(flags.get().offset()).orElse(0);
    long number = Math.min(MOST_FLAGS, structs.read(count.get().offset()).orElse(0));
    for (long i = 0; i < number && flag != 0; i++, flag += stride.getAsLong()) {
      long text = structs.read(flag + nameField.get().offset()).orElse(0);
      if (text != 0 && structs.isString(text, name)) {
        long address = structs.read(flag + addressField.get().offset()).orElse(0);
        OptionalLong value = structs.read(address);
        return value.isEmpty() ? Optional.empty() : Optional.of(value.getAsLong());
      }
    }
    return Optional.empty();
  }
}
