package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names native code by the symbols that libraries export, see dladdr(3): without debug information
 * that is a part of their functions. Answers are remembered. Not for several threads at once.
 */
public final class NativeSymbols {

  /** Code that faults is few, and a name per program counter is small. */
  private static final int MOST_REMEMBERED = 10_000;

  private static final int MOST_NAME_BYTES = 512;

  // Dl_info: dli_fname, dli_fbase, dli_sname, dli_saddr; a pointer each.
  private static final int DL_INFO_BYTES = 4 * Long.BYTES;
  private static final int FILE_NAME = 0;
  private static final int SYMBOL_NAME = 2 * Long.BYTES;

  private final ByteBuffer info = LibC.newBuffer(DL_INFO_BYTES);
  private final SelfMemory memory = LibC.AVAILABLE ? new SelfMemory() : null;
  private final Map<Long, Optional<Symbol>> remembered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Optional<Symbol>> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * A place in a library.
   *
   * @param library its file's name without directories, as {@code libc.so.6}
   * @param function the exported function, or empty if the place is in none
   */
  public record Symbol(String library, String function) {}

  /** The library and function that hold this address; empty if no library does. */
  public Optional<Symbol> find(long programCounter) {
    if (memory == null) {
      return Optional.empty();
    }
    return remembered.computeIfAbsent(programCounter, this::lookUp);
  }

  private Optional<Symbol> lookUp(long programCounter) {
    if (LibC.dladdr(programCounter, LibC.address(info)) == 0) {
      return Optional.empty();
    }
    String file = string(info.getLong(FILE_NAME));
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Symbol(
                file.substring(file.lastIndexOf('/') + 1), string(info.getLong(SYMBOL_NAME))));
  }

  /** Read safely: the library may be unloaded right now. */
  private String string(long address) {
    if (address == 0) {
      return "";
    }
    byte[] bytes = new byte[MOST_NAME_BYTES];
    int untilPageEnd = (int) (SelfMemory.MOST_BYTES - address % SelfMemory.MOST_BYTES);
    int wanted = Math.min(bytes.length, untilPageEnd);
    if (!memory.read(address, wanted)) {
      return "";
    }
    memory.copy(bytes);
    int length = 0;
    while (length < wanted && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
