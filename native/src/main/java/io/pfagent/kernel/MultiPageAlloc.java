package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The system call {@code multi_page_alloc(n)} of the kernel patch in native/kernel: pages per
 * anonymous fault for all of this process, 1 to {@value #MOST_PAGES}.
 *
 * <p>On a kernel without the patch the number belongs to no call today and may belong to another
 * one tomorrow, so an instance exists only where {@code /proc/self/multi_page_alloc} does: there is
 * no way to make the call but through one.
 */
public final class MultiPageAlloc {

  /** The most that the patch allows: one page table. */
  public static final int MOST_PAGES = 512;

  static final String RECOGNISED_BY = "proc/self/multi_page_alloc";

  /** Next to the kernel's own numbers; the patch has none for other architectures. */
  static final long X86_64_NUMBER = 549;

  private final long number;

  private MultiPageAlloc(long number) {
    this.number = number;
  }

  /** The call, if this kernel says that it has it. */
  public static Optional<MultiPageAlloc> open() {
    return LibC.AVAILABLE
        ? open(Path.of("/"), System.getProperty("os.arch", ""))
        : Optional.empty();
  }

  /** As {@link #open()}, by a tree that holds proc. */
  static Optional<MultiPageAlloc> open(Path root, String architecture) {
    boolean known = architecture.equals("amd64") || architecture.equals("x86_64");
    return known && SmallFile.readNumber(root.resolve(RECOGNISED_BY)).isPresent()
        ? Optional.of(new MultiPageAlloc(X86_64_NUMBER))
        : Optional.empty();
  }

  /** Pages per fault in force, or -1 where the call is denied (seccomp). */
  public int pages() {
    return call(number, 0);
  }

  /**
   * Sets the pages per fault.
   *
   * @param pages 1 to {@value #MOST_PAGES}
   * @return empty on success, else why not, as {@code multi_page_alloc(16): EPERM}
   */
  public String set(int pages) {
    return call(number, pages) == 0
        ? ""
        : "multi_page_alloc(" + pages + "): " + Errno.name(LibC.errno());
  }

  private static int call(long number, int pages) {
    return (int) LibC.syscall(number, pages, 0, 0);
  }
}
