package io.pfagent.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * HotSpot's own description of its types, which it exports for debuggers
 * (src/hotspot/share/runtime/vmStructs.hpp). Two arrays, each ended by a null type name:
 *
 * <pre>
 * gHotSpotVMStructs: a field                       gHotSpotVMTypes: a type
 *   +----------+-----------+------------+--------+--------+---------+
 *   | typeName | fieldName | typeString | static | offset | address |    typeName, ..., size
 *   +----------+-----------+------------+--------+--------+---------+
 * </pre>
 *
 * <p>Where in an entry each member lies, and how long an entry is, further exported variables tell.
 * All is read through {@link SelfMemory}, page by page, so a table that is not what it seems cannot
 * crash the JVM. Not for several threads at once.
 */
public final class VmStructs {

  /**
   * A field of a HotSpot type.
   *
   * @param type what its declaration says
   * @param offset its place in the object; of a static field, its address
   */
  public record Field(String type, long offset) {}

  private static final int PAGE_BYTES = SelfMemory.MOST_BYTES;

  // HotSpot has some 800 fields and 800 types: an end, should the null entry be missing.
  private static final int MOST_ENTRIES = 20_000;

  private final ToLongFunction<String> symbols;
  private final SelfMemory memory = new SelfMemory();
  private final Map<Long, ByteBuffer> pages = new HashMap<>();
  private ByteBuffer lastPage;
  private long lastStart;

  /**
   * @param symbols gives the address of an exported variable, or 0
   */
  VmStructs(ToLongFunction<String> symbols) {
    this.symbols = symbols;
  }

  /** Those of this JVM; empty if it has none, or if its memory can't be read safely. */
  public static Optional<VmStructs> ofThisJvm() {
    if (!LibC.AVAILABLE || !new SelfMemory().works()) {
      return Optional.empty();
    }
    return Optional.of(new VmStructs(LibJvm.find()::symbol)).filter(VmStructs::present);
  }

  /** Whether the JVM exports the tables: HotSpot does, others do not. */
  boolean present() {
    return variable("gHotSpotVMStructs") != 0 && variable("gHotSpotVMTypes") != 0;
  }

  /** A non-static field, if the JVM describes it. */
  public Optional<Field> field(String typeName, String fieldName) {
    return find(typeName, fieldName)
        .filter(entry -> !isStatic(entry))
        .map(entry -> field(entry, "gHotSpotVMStructEntryOffsetOffset"));
  }

  /** A static field, if the JVM describes it. */
  public Optional<Field> staticField(String typeName, String fieldName) {
    return find(typeName, fieldName)
        .filter(this::isStatic)
        .map(entry -> field(entry, "gHotSpotVMStructEntryAddressOffset"));
  }

  /**
   * Eight bytes of this process's memory, as they are now.
   *
   * @return empty if the address is not mapped
   */
  public OptionalLong read(long address) {
    return memory.read(address, Long.BYTES)
        ? OptionalLong.of(memory.getLong(0))
        : OptionalLong.empty();
  }

  /** The size of a type in bytes, if the JVM describes it. */
  public OptionalLong sizeOf(String typeName) {
    long typeNameAt = variable("gHotSpotVMTypeEntryTypeNameOffset");
    long sizeAt = variable("gHotSpotVMTypeEntrySizeOffset");
    long stride = variable("gHotSpotVMTypeEntryArrayStride");
    long entry = variable("gHotSpotVMTypes");
    for (int i = 0; i < MOST_ENTRIES && stride > 0; i++, entry += stride) {
      long name = longAt(entry + typeNameAt);
      if (name == 0) {
        return OptionalLong.empty();
      }
      if (isString(name, typeName)) {
        return OptionalLong.of(longAt(entry + sizeAt));
      }
    }
    return OptionalLong.empty();
  }

  /** The address of a field's entry. */
  private Optional<Long> find(String typeName, String fieldName) {
    long typeNameAt = variable("gHotSpotVMStructEntryTypeNameOffset");
    long fieldNameAt = variable("gHotSpotVMStructEntryFieldNameOffset");
    long stride = variable("gHotSpotVMStructEntryArrayStride");
    long entry = variable("gHotSpotVMStructs");
    long lastName = 0;
    boolean isType = false;
    for (int i = 0; i < MOST_ENTRIES && stride > 0; i++, entry += stride) {
      long name = longAt(entry + typeNameAt);
      if (name == 0) {
        return Optional.empty();
      }
      // The fields of a type stand together, and mostly share its name.
      if (name != lastName) {
        isType = isString(name, typeName);
        lastName = name;
      }
      if (isType && isString(longAt(entry + fieldNameAt), fieldName)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  private boolean isStatic(long entry) {
    return (int) longAt(entry + variable("gHotSpotVMStructEntryIsStaticOffset")) != 0;
  }

  private Field field(long entry, String placeAt) {
    String type = string(longAt(entry + variable("gHotSpotVMStructEntryTypeStringOffset")));
    return new Field(type, longAt(entry + variable(placeAt)));
  }

  /** The value of an exported eight-byte variable, or 0 if there is none. */
  private long variable(String name) {
    long address = symbols.applyAsLong(name);
    return address == 0 ? 0 : longAt(address);
  }

  /** Whether a text that ends with a zero stands at an address. */
  public boolean isString(long address, String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (byteAt(address + i) != expected.charAt(i)) {
        return false;
      }
    }
    return byteAt(address + expected.length()) == 0;
  }

  private String string(long address) {
    StringBuilder string = new StringBuilder();
    for (long at = address; byteAt(at) != 0; at++) {
      string.append((char) byteAt(at));
    }
    return string.toString();
  }

  private byte byteAt(long address) {
    return page(address).get(offsetInPage(address));
  }

  /** Eight bytes; all members of the tables are aligned, so they never straddle two pages. */
  private long longAt(long address) {
    long aligned = address & -Long.BYTES;
    long value = page(aligned).getLong(offsetInPage(aligned));
    return address == aligned ? value : value >>> (Byte.SIZE * (address - aligned));
  }

  /**
   * The page around an address, or zeros if it cannot be read: then names end, and match nothing.
   * What is next to be read is nearly always on the same one.
   */
  private ByteBuffer page(long address) {
    long start = address & -PAGE_BYTES;
    if (start != lastStart || lastPage == null) {
      lastPage = pages.get(start);
      lastStart = start;
      if (lastPage == null) {
        lastPage = readPage(start);
        pages.put(start, lastPage);
      }
    }
    return lastPage;
  }

  private ByteBuffer readPage(long start) {
    byte[] page = new byte[PAGE_BYTES];
    if (memory.read(start, PAGE_BYTES)) {
      memory.copy(page);
    }
    return ByteBuffer.wrap(page).order(ByteOrder.nativeOrder());
  }

  private static int offsetInPage(long address) {
    return (int) (address & (PAGE_BYTES - 1));
  }
}
