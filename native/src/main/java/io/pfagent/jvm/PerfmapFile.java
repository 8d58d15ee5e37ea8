package io.pfagent.jvm;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * What HotSpot's {@code Compiler.perfmap} writes (CodeCache::write_perf_map in
 * src/hotspot/share/code/codeCache.cpp): a line for each compiled method and each blob of stubs.
 *
 * <pre>
 * 0x00007f17bbec7980 0x0000000000000180 void java.lang.System.arraycopy(java.lang.Object, int)
 * 0x00007f17bb7d4c00 0x0000000000000040 StubRoutines (initial stubs)
 * </pre>
 */
final class PerfmapFile {

  static final PerfmapFile EMPTY = new PerfmapFile(new Code[0]);

  private static final Map<String, String> PRIMITIVES =
      Map.of(
          "void", "V", "boolean", "Z", "byte", "B", "char", "C", "short", "S", "int", "I", "long",
          "J", "float", "F", "double", "D");

  /** A piece of code; ends are exclusive. */
  record Code(long start, long end, int method, FrameType type) {}

  private final Code[] sorted;

  private PerfmapFile(Code[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Parses the lines; those that look otherwise are left out.
   *
   * @param ids gives each name an id
   */
  static PerfmapFile parse(List<String> lines, ToIntFunction<MethodName> ids) {
    Code[] sorted =
        lines.stream()
            .map(line -> code(line, ids))
            .flatMap(Optional::stream)
            .sorted(Comparator.comparingLong(Code::start))
            .toArray(Code[]::new);
    return new PerfmapFile(sorted);
  }

  int size() {
    return sorted.length;
  }

  /** How many of them are compiled methods. */
  long methods() {
    return Arrays.stream(sorted).filter(code -> code.type() == FrameType.COMPILED).count();
  }

  /** The code around an address. */
  Optional<Code> at(long address) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle].start() <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && address < sorted[low - 1].end()
        ? Optional.of(sorted[low - 1])
        : Optional.empty();
  }

  private static Optional<Code> code(String line, ToIntFunction<MethodName> ids) {
    String[] parts = line.split(" ", 3);
    if (parts.length < 3) {
      return Optional.empty();
    }
    try {
      long start = Long.decode(parts[0]);
      long end = start + Long.decode(parts[1]);
      MethodName name = name(parts[2].strip());
      return Optional.of(new Code(start, end, ids.applyAsInt(name), type(name)));
    } catch (NumberFormatException otherwise) {
      return Optional.empty();
    }
  }

  private static FrameType type(MethodName name) {
    if (!name.className().isEmpty()) {
      return FrameType.COMPILED;
    }
    return name.methodName().equals("Interpreter") ? FrameType.INTERPRETED : FrameType.STUB;
  }

  /** {@code int java.lang.String.indexOf(java.lang.String, int)}, or what a stub is called. */
  static MethodName name(String symbol) {
    int parenthesis = symbol.indexOf('(');
    int space = symbol.indexOf(' ');
    int dot = parenthesis < 0 ? -1 : symbol.lastIndexOf('.', parenthesis);
    if (space < 0 || dot < space || !symbol.endsWith(")")) {
      return new MethodName("", symbol, "", "");
    }
    String returned = descriptor(symbol.substring(0, space));
    StringBuilder descriptor = new StringBuilder("(");
    String arguments = symbol.substring(parenthesis + 1, symbol.length() - 1);
    for (String argument : arguments.isEmpty() ? new String[0] : arguments.split(", ", -1)) {
      descriptor.append(descriptor(argument));
    }
    descriptor.append(')').append(returned);
    return new MethodName(
        symbol.substring(space + 1, dot),
        symbol.substring(dot + 1, parenthesis),
        descriptor.toString(),
        "");
  }

  private static String descriptor(String type) {
    if (type.endsWith("[]")) {
      return "[" + descriptor(type.substring(0, type.length() - 2));
    }
    String primitive = PRIMITIVES.get(type);
    return primitive != null ? primitive : "L" + type.replace('.', '/') + ";";
  }
}
