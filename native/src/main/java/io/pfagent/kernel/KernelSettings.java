package io.pfagent.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The kernel's settings that decide how many page faults an application takes: the data of the
 * event {@code pfagent.KernelSettings}. What cannot be read is -1, or empty, unless said otherwise.
 *
 * @param kernel its release, as {@code uname -r} prints it
 * @param pageSize bytes
 * @param multiPageAlloc pages per fault that this process asked a patched kernel for; 0 if the
 *     kernel lacks the patch
 * @param thp the selected word of {@code transparent_hugepage/enabled}: always, madvise or never
 * @param mthp the selected word of each size that anonymous memory can have, by size, for example
 *     {@code 16kB=never 64kB=madvise}
 * @param faultAroundBytes bytes of a file that one read fault maps; debugfs, root only
 * @param overcommit {@code vm.overcommit_memory}: 0 heuristic, 1 always, 2 never
 * @param perfParanoid {@code kernel.perf_event_paranoid}; 2 or less suffices for user-side faults.
 *     As -1 is one of its levels (nothing is denied), {@link #NO_LEVEL} stands for unknown
 * @param memoryLimit the tightest limit of this process's control groups, in bytes; -1 if none
 */
public record KernelSettings(
    String kernel,
    long pageSize,
    int multiPageAlloc,
    String thp,
    String mthp,
    long faultAroundBytes,
    int overcommit,
    int perfParanoid,
    long memoryLimit) {

  /** The kernel has no perf events, or hides {@code kernel.perf_event_paranoid}. */
  public static final int NO_LEVEL = Integer.MIN_VALUE;

  private static final String HUGE_PAGES = "sys/kernel/mm/transparent_hugepage";
  private static final String SIZE_PREFIX = "hugepages-";

  /** Reads the settings as they are now; never fails. */
  public static KernelSettings read() {
    return read(Path.of("/"));
  }

  /** Reads them from a tree that holds proc and sys. */
  static KernelSettings read(Path root) {
    return new KernelSettings(
        SmallFile.read(root.resolve("proc/sys/kernel/osrelease")).orElse("").strip(),
        LibC.pageSize(),
        // Only the patched kernel has this file. Its system call cannot be tried: on other kernels
        // the number means something else.
        (int) number(root, "proc/self/multi_page_alloc", 0),
        selected(SmallFile.read(root.resolve(HUGE_PAGES + "/enabled"))),
        multiSizes(root.resolve(HUGE_PAGES)),
        number(root, "sys/kernel/debug/fault_around_bytes", -1),
        (int) number(root, "proc/sys/vm/overcommit_memory", -1),
        perfParanoid(root),
        CgroupMemory.limitBytes(root));
  }

  /** {@code kernel.perf_event_paranoid}, or {@link #NO_LEVEL}. */
  static int perfParanoid(Path root) {
    return (int) number(root, "proc/sys/kernel/perf_event_paranoid", NO_LEVEL);
  }

  /** The word in brackets, as in {@code always [madvise] never}; empty if there is none. */
  static String selected(Optional<String> choices) {
    String text = choices.orElse("");
    int open = text.indexOf('[');
    int close = text.indexOf(']', open + 1);
    return open >= 0 && close > open ? text.substring(open + 1, close) : "";
  }

  /** Each size with an {@code enabled} file; sizes only shared memory can have are without one. */
  private static String multiSizes(Path hugePages) {
    Map<Long, String> wordByKilobytes = new TreeMap<>();
    try (DirectoryStream<Path> sizes = Files.newDirectoryStream(hugePages, SIZE_PREFIX + "*kB")) {
      for (Path size : sizes) {
        String name = size.getFileName().toString();
        String word = selected(SmallFile.read(size.resolve("enabled")));
        if (!word.isEmpty()) {
          String digits = name.substring(SIZE_PREFIX.length(), name.length() - "kB".length());
          wordByKilobytes.put(Long.parseLong(digits), word);
        }
      }
    } catch (IOException | RuntimeException e) {
      return ""; // a kernel before 6.8 has no such sizes; a container may hide /sys
    }
    return wordByKilobytes.entrySet().stream()
        .map(size -> size.getKey() + "kB=" + size.getValue())
        .collect(Collectors.joining(" "));
  }

  private static long number(Path root, String file, long unknown) {
    return SmallFile.readNumber(root.resolve(file)).orElse(unknown);
  }
}
