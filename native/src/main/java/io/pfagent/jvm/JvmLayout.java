package io.pfagent.jvm;

import io.pfagent.kernel.VmStructs;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where HotSpot keeps what, as it reserved it at its start; from {@link VmStructs}, checked by name
 * and type. A range that this JVM does not tell is empty.
 *
 * @param codeCache from the lowest to the highest code heap (CodeCache in
 *     src/hotspot/share/code/codeCache.hpp)
 * @param javaHeap of the Serial, Parallel, G1 and Shenandoah collectors (CollectedHeap::_reserved).
 *     ZGC has no such range: its heap is what {@code /proc/self/maps} calls {@code
 *     /memfd:java_heap}, mapped at several places on JDK 17
 * @param cdsArchive the classes that come from a shared archive, the dynamic one included
 *     (MetaspaceObj in src/hotspot/share/memory/allocation.hpp); empty with {@code -Xshare:off}
 */
public record JvmLayout(
    Optional<AddressRange> codeCache,
    Optional<AddressRange> javaHeap,
    Optional<AddressRange> cdsArchive) {

  /** Of a JVM that tells nothing. */
  private static final JvmLayout UNKNOWN =
      new JvmLayout(Optional.empty(), Optional.empty(), Optional.empty());

  /** HeapWord is as wide as a pointer. */
  private static final long HEAP_WORD_BYTES = Long.BYTES;

  /** Reads it; to be done once. */
  public static JvmLayout read() {
    return VmStructs.ofThisJvm().map(JvmLayout::of).orElse(UNKNOWN);
  }

  static JvmLayout of(VmStructs structs) {
    return new JvmLayout(
        between(
            value(structs, "CodeCache", "_low_bound", "address"),
            value(structs, "CodeCache", "_high_bound", "address")),
        javaHeap(structs),
        between(
            value(structs, "MetaspaceObj", "_shared_metaspace_base", "void*"),
            value(structs, "MetaspaceObj", "_shared_metaspace_top", "void*")));
  }

  private static Optional<AddressRange> javaHeap(VmStructs structs) {
    OptionalLong heap = value(structs, "Universe", "_collectedHeap", "CollectedHeap*");
    OptionalLong reserved = offset(structs, "CollectedHeap", "_reserved", "MemRegion");
    OptionalLong start = offset(structs, "MemRegion", "_start", "HeapWord*");
    OptionalLong words = offset(structs, "MemRegion", "_word_size", "size_t");
    if (heap.isEmpty() || reserved.isEmpty() || start.isEmpty() || words.isEmpty()) {
      return Optional.empty();
    }
    long region = heap.getAsLong() + reserved.getAsLong();
    OptionalLong from = structs.read(region + start.getAsLong());
    OptionalLong count = structs.read(region + words.getAsLong());
    return from.isEmpty() || count.isEmpty()
        ? Optional.empty()
        : between(from, OptionalLong.of(from.getAsLong() + count.getAsLong() * HEAP_WORD_BYTES));
  }

  /** What an eight-byte static field holds. */
  private static OptionalLong value(
      VmStructs structs, String typeName, String fieldName, String type) {
    return structs
        .staticField(typeName, fieldName)
        .filter(field -> field.type().equals(type))
        .map(field -> structs.read(field.offset()))
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong offset(
      VmStructs structs, String typeName, String fieldName, String type) {
    return structs
        .field(typeName, fieldName)
        .filter(field -> field.type().equals(type))
        .map(field -> OptionalLong.of(field.offset()))
        .orElse(OptionalLong.empty());
  }

  private static Optional<AddressRange> between(OptionalLong start, OptionalLong end) {
    return start.isEmpty()
            || end.isEmpty()
            || start.getAsLong() <= 0
            || end.getAsLong() <= start.getAsLong()
        ? Optional.empty()
        : Optional.of(new AddressRange(start.getAsLong(), end.getAsLong()));
  }
}
