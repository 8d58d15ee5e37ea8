package io.pfagent.jvm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the JVM tells of its own reserved memory if it was started with {@code
 * -XX:NativeMemoryTracking=detail}, through the diagnostic command {@code VM.native_memory}
 * (MemDetailReporter in src/hotspot/share/nmt/memReporter.cpp). It takes some hundred milliseconds,
 * so it is asked once: what the collector needs is reserved at start.
 */
public final class NativeMemoryTracking {

  // [0x00007fb0ed000000 - 0x00007fb0ef000000] reserved and committed 32768KB for GC from
  private static final Pattern RESERVED =
      Pattern.compile(
          "^\\[0x(\\p{XDigit}{1,16}) - 0x(\\p{XDigit}{1,16})] reserved .*?\\d[KMG]?B for (.+?)"
              + "(?: from)?$",
          Pattern.MULTILINE);

  private NativeMemoryTracking() {}

  /**
   * A piece of reserved memory.
   *
   * @param category HotSpot's name of what it is for, as {@code GC} or {@code Class}
   */
  public record Reserved(AddressRange range, String category) {}

  /** All that is reserved; empty if this JVM doesn't track it, or not in such detail. */
  public static List<Reserved> read() {
    if (!JvmFlags.isText("NativeMemoryTracking", "detail")) {
      return List.of();
    }
    try {
      Optional<DiagnosticCommand> command = DiagnosticCommand.find("vmNativeMemory");
      return command.isEmpty() ? List.of() : parse(command.get().run("detail", "scale=KB"));
    } catch (IOException notTold) {
      return List.of();
    }
  }

  static List<Reserved> parse(String text) {
    return RESERVED.matcher(text).results().map(NativeMemoryTracking::reserved).toList();
  }

  private static Reserved reserved(MatchResult line) {
    return new Reserved(
        new AddressRange(
            Long.parseUnsignedLong(line.group(1), 16), Long.parseUnsignedLong(line.group(2), 16)),
        line.group(3));
  }
}
