package io.pfagent.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The sizes of large pages that anonymous memory can have here, and where each is used
 * (Documentation/admin-guide/mm/transhuge.rst). Read once; what is set may change later.
 *
 * <p>The kernel takes the largest enabled size that fits, and the largest of all, that of a whole
 * page table (2 MB on x86-64), before the others.
 *
 * @param pageBytes bytes of a base page
 * @param largestBytes bytes of the size that replaces a page table; 0 without huge pages
 * @param enabled the word of {@code transparent_hugepage/enabled}; empty if it can't be read
 * @param words the word of each size's own {@code enabled}, by bytes in ascending order; empty
 *     before Linux 6.8
 */
public record HugePageSizes(
    long pageBytes, long largestBytes, String enabled, Map<Long, String> words) {

  private static final String FOLDER = "sys/kernel/mm/transparent_hugepage";
  private static final String PREFIX = "hugepages-";

  /** Those of this machine; never fails. */
  public static HugePageSizes read() {
    return read(Path.of("/"), LibC.pageSize());
  }

  static HugePageSizes read(Path root, long pageBytes) {
    Path folder = root.resolve(FOLDER);
    return new HugePageSizes(
        pageBytes,
        SmallFile.readNumber(folder.resolve("hpage_pmd_size")).orElse(0L),
        KernelSettings.selected(SmallFile.read(folder.resolve("enabled"))),
        words(folder));
  }

  /** Whether prctl(2) PR_SET_THP_DISABLE has switched all sizes off for this process. */
  public static boolean disabledForThisProcess() {
    return SmallFile.read(Path.of("/proc/self/status")).orElse("").contains("THP_enabled:\t0");
  }

  /** Whether memory of this size is used where it is advised. */
  public boolean reachesAdvised(long bytes) {
    String word = words.get(bytes);
    if (word == null) {
      // A kernel that knows the largest size only has no word for it.
      return bytes == largestBytes && words.isEmpty() && isAdvisedOrAlways(enabled);
    }
    return word.equals("inherit") ? isAdvisedOrAlways(enabled) : isAdvisedOrAlways(word);
  }

  /** Whether memory of this size is used everywhere, advised or not. */
  public boolean isUsedEverywhere(long bytes) {
    String word = words.getOrDefault(bytes, bytes == largestBytes ? "inherit" : "never");
    return word.equals("always") || (word.equals("inherit") && enabled.equals("always"));
  }

  /** The largest size below that of a page table that advised memory gets, if any. */
  public OptionalLong largestAdvisedBelowTable() {
    return words.keySet().stream()
        .filter(bytes -> bytes < largestBytes && reachesAdvised(bytes))
        .mapToLong(Long::longValue)
        .max();
  }

  private static boolean isAdvisedOrAlways(String word) {
    return word.equals("madvise") || word.equals("always");
  }

  private static Map<Long, String> words(Path folder) {
    Map<Long, String> words = new TreeMap<>();
    try (DirectoryStream<Path> sizes = Files.newDirectoryStream(folder, PREFIX + "*kB")) {
      for (Path size : sizes) {
        String name = size.getFileName().toString();
        String word = KernelSettings.selected(SmallFile.read(size.resolve("enabled")));
        if (!word.isEmpty()) { // shared memory has sizes of its own, without this file
          String digits = name.substring(PREFIX.length(), name.length() - "kB".length());
          words.put(Long.parseLong(digits) << 10, word);
        }
      }
    } catch (IOException | RuntimeException none) {
      return new TreeMap<>();
    }
    return words;
  }
}
