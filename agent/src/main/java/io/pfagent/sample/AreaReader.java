package io.pfagent.sample;

import io.pfagent.account.RegionKind;
import io.pfagent.kernel.MallocMemory;
import io.pfagent.kernel.Mapping;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says of each mapping what it is, from what the JVM and the C library tell of themselves and from
 * names. A mapping may hold several areas: the kernel makes neighbours one. Used by one thread.
 */
final class AreaReader {

  private static final long METASPACE_NODE = 64L << 20;
  private static final long MOST_CLASS_SPACE = 4L << 30;
  private static final long METASPACE_ALIGNMENT = 16L << 20;

  /**
   * Rings of perf events. The application faults on none of them, but the agent gives rings back,
   * and what the C library maps in their place is told as long as the mappings are not read again.
   */
  private static final String EVENTS = "anon_inode:[perf_event]";

  private final MallocMemory malloc = new MallocMemory();
  private final List<JvmArea> jvm;
  private final TreeSet<Long> stackPointers;
  private final Set<String> libraries = new HashSet<>();
  private final Set<Long> borders = new HashSet<>();
  private final MemoryAreas.Builder areas = new MemoryAreas.Builder();
  private Mapping previous;
  private boolean previousIsLibrary;
  private long arenaUntil;
  private long metaspaceUntil;

  /**
   * @param jvm what the JVM tells
   * @param stackPointers where some threads' stacks are
   */
  AreaReader(List<JvmArea> jvm, List<Long> stackPointers) {
    this.jvm = jvm.stream().sorted(Comparator.comparingLong(JvmArea::start)).toList();
    this.stackPointers = new TreeSet<>(stackPointers);
  }

  /**
   * @param mappings in the order of their addresses
   */
  MemoryAreas read(List<Mapping> mappings) {
    for (Mapping mapping : mappings) {
      borders.add(mapping.start());
      borders.add(mapping.end());
      if (mapping.isFile() && mapping.executable()) {
        libraries.add(mapping.name());
      }
    }
    mappings.forEach(this::add);
    return areas.build();
  }

  private void add(Mapping mapping) {
    long at = mapping.start();
    for (JvmArea area : jvm) {
      if (area.start() < mapping.end() && area.end() > at) {
        if (area.start() > at) {
          addRest(mapping, at, area.start());
        }
        long end = Math.min(area.end(), mapping.end());
        areas.add(Math.max(at, area.start()), end, area.kind(), "");
        at = end;
      }
    }
    if (at < mapping.end()) {
      addRest(mapping, at, mapping.end());
    }
    previousIsLibrary = isLibrary(mapping);
    previous = mapping;
  }

  private void addRest(Mapping mapping, long start, long end) {
    areas.add(start, end, kind(mapping, start, end), mapping.name());
  }

  /** What a piece is; null where only the faults themselves can tell. */
  private RegionKind kind(Mapping mapping, long start, long end) {
    if (isLibrary(mapping)) {
      return RegionKind.NATIVE_LIBRARY;
    }
    if (mapping.isFile()) {
      return kindOfFile(mapping.name());
    }
    if (mapping.name().startsWith(EVENTS)) {
      return null;
    }
    if (!mapping.isUnnamed()) {
      return kindOfName(mapping.name());
    }
    if (holdsStackPointer(start, end)) {
      return RegionKind.THREAD_STACK;
    }
    if (start < arenaUntil) {
      return RegionKind.MALLOC;
    }
    if (malloc.isArena(start)) {
      arenaUntil = start + MallocMemory.ARENA_BYTES; // it grows into what is reserved behind it
      return RegionKind.MALLOC;
    }
    if (malloc.isLargeBlock(start, end - start)) {
      return RegionKind.MALLOC;
    }
    if (start < metaspaceUntil) {
      return RegionKind.METASPACE;
    }
    if (start % METASPACE_ALIGNMENT == 0) {
      metaspaceUntil = start + metaspaceBytes(start, end);
      return start < metaspaceUntil ? RegionKind.METASPACE : null;
    }
    return mapping.shared() ? RegionKind.OTHER : null;
  }

  /**
   * HotSpot reserves metaspace in nodes, and the space for compressed class pointers in one piece,
   * of a power of two of bytes; what isn't in use yet is inaccessible. 0 if it is none.
   */
  private long metaspaceBytes(long start, long end) {
    for (long bytes = METASPACE_NODE; bytes <= MOST_CLASS_SPACE; bytes *= 2) {
      if (end - start < bytes && borders.contains(start + bytes)) {
        return bytes;
      }
    }
    return 0;
  }

  /** A file with code in it, or the unnamed zeros behind such a file's data. */
  private boolean isLibrary(Mapping mapping) {
    if (mapping.isFile()) {
      return libraries.contains(mapping.name());
    }
    return mapping.isUnnamed()
        && mapping.writable()
        && previousIsLibrary
        && previous.isFile()
        && previous.end() == mapping.start();
  }

  private static RegionKind kindOfFile(String name) {
    if (name.startsWith("/memfd:java_heap")) {
      return RegionKind.JAVA_HEAP; // the Z garbage collector's
    }
    if (name.endsWith(".jsa")) {
      return RegionKind.METASPACE;
    }
    if (name.startsWith("/anon_hugepage")) {
      return RegionKind.OTHER;
    }
    return name.startsWith("/memfd:") ? RegionKind.OTHER : RegionKind.MAPPED_FILE;
  }

  /** Names in brackets; PR_SET_VMA_ANON_NAME gives {@code [anon:...]}. */
  private static RegionKind kindOfName(String name) {
    return switch (name) {
      case "[heap]" -> RegionKind.MALLOC;
      case "[stack]" -> RegionKind.THREAD_STACK;
      case "[vdso]" -> RegionKind.NATIVE_LIBRARY;
      default ->
          name.contains("malloc")
              ? RegionKind.MALLOC
              : name.contains("stack") ? RegionKind.THREAD_STACK : RegionKind.OTHER;
    };
  }

  private boolean holdsStackPointer(long start, long end) {
    Long pointer = stackPointers.ceiling(start);
    return pointer != null && pointer < end;
  }
}
