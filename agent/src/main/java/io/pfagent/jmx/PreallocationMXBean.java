package io.pfagent.jmx;

import java.util.List;

/**
 * How many pages the kernel hands out per fault, changed while the application runs.
 *
 * <p>Setters and operations that are denied here throw {@link IllegalStateException} with the
 * reason (read-only beans, no permission, no such mechanism on this kernel); wrong values throw
 * {@link IllegalArgumentException} with the allowed ones. Each change, and each refusal by the
 * machine, is a notification of type {@value #CHANGE}.
 */
@Description(
    "Preallocation: pages that the kernel hands out per fault, for the process and per region")
public interface PreallocationMXBean {

  /** Name of the bean. */
  String NAME = "io.pfagent:type=Preallocation";

  /** Type of the notification of a change; its message says what changed, from what, and why. */
  String CHANGE = "io.pfagent.preallocation.change";

  @Description(
      "Pages per fault in force; 1 is the kernel's normal behaviour. A number that the backend"
          + " can't give exactly becomes the next one that it can; LastChange says so")
  int getPreallocPages();

  /**
   * Sets the pages per fault for new and live regions; 1 ends preallocation.
   *
   * @throws IllegalArgumentException if it is below 1 or above 512
   * @throws IllegalStateException if nothing on this machine can do it, or the beans are read-only
   */
  void setPreallocPages(int pages);

  @Description("Whether the agent chooses for each region by what it sees of its use")
  boolean isAutomatic();

  /**
   * Lets the agent choose; setting {@code PreallocPages} ends that.
   *
   * @throws IllegalStateException if nothing on this machine can do it, or the beans are read-only
   */
  void setAutomatic(boolean automatic);

  @Description("How it is to be done: auto, multi_page_alloc, mthp, thp or populate")
  String getBackend();

  /**
   * Chooses the backend; pages in force are set anew with it.
   *
   * @throws IllegalArgumentException if the name is none of these
   * @throws IllegalStateException if this machine doesn't have it, or the beans are read-only
   */
  void setBackend(String backend);

  @Description("The backend at work, or none while PreallocPages is 1")
  String getBackendInUse();

  @Description("What each backend can do here, or why it can't")
  List<String> getBackends();

  @Description("Who zeroes a fresh region: jdk (touching every page) or kernel (at first use)")
  String getZeroing();

  /**
   * Chooses who zeroes regions that are allocated from now on.
   *
   * @throws IllegalArgumentException if it is neither {@code jdk} nor {@code kernel}
   * @throws IllegalStateException if the beans are read-only
   */
  void setZeroing(String zeroing);

  @Description("Pages per fault that the backend can give exactly")
  int[] getSupportedPages();

  @Description("What the setting reaches: none, process, or regions (and what is system-wide)")
  String getScope();

  @Description("Whether the agent may write kernel settings that reach beyond this process")
  boolean isSystemWritesAllowed();

  @Description("Bytes that this process may still use before preallocation stops; -1 if unknown")
  long getHeadroomBytes();

  @Description(
      "Resident bytes of preallocated regions whose pages hold zeros alone: most of them never"
          + " used. Estimated from samples")
  long getUnusedBytes();

  @Description("What the last change did, or why it was refused")
  String getLastChange();

  /**
   * Sets the pages per fault of one live region.
   *
   * @return what was done, rounding included
   * @throws IllegalArgumentException if no live region has this number, or the pages are wrong
   * @throws IllegalStateException if it can't be done for a single region here, or the beans are
   *     read-only
   */
  @Description("Sets the pages per fault of one live region; gives back what was done")
  String setRegionPages(
      @Description(name = "regionId", value = "Number of the region, as in events and topRegions")
          long regionId,
      @Description(name = "pages", value = "1 to 512; 1 is the kernel's normal behaviour")
          int pages);

  /**
   * Gives the kernel an advice on one live region.
   *
   * @param advice {@code hugepage}, {@code nohugepage}, {@code populate-read}, and for mapped files
   *     {@code normal}, {@code sequential}, {@code random}, {@code willneed}; see madvise(2)
   * @return what was done, and what of it stays until the region is freed
   * @throws IllegalArgumentException if no live region has this number, or the advice isn't for it
   * @throws IllegalStateException if the kernel refuses, or the beans are read-only
   */
  @Description("Advises the kernel on one live region (madvise); gives back what was done")
  String adviseRegion(
      @Description(name = "regionId", value = "Number of the region, as in events and topRegions")
          long regionId,
      @Description(
              name = "advice",
              value =
                  "hugepage, nohugepage, populate-read; for mapped files also normal, sequential,"
                      + " random, willneed")
          String advice);

  /**
   * Takes all changes back: settings of the kernel, of the process and of regions.
   *
   * @return a line for each, with what can't be taken back
   * @throws IllegalStateException if the beans are read-only
   */
  @Description("Takes all changes back; gives back a line for each")
  List<String> undo();
}
