package io.pfagent.report;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.ObjectName;

/** A program with a bean such as the agent's, which knows 1, 16 and 512 pages per fault. */
final class FakePreallocation {

  static final String READY = "ready";

  private FakePreallocation() {}

  /** The part of the agent's bean that the test needs. */
  public interface PreallocationMXBean {
    int getPreallocPages();

    void setPreallocPages(int pages);

    boolean isAutomatic();

    void setAutomatic(boolean automatic);

    int[] getSupportedPages();

    String getLastChange();

    List<String> getBackends();

    long getUnusedBytes();

    List<String> undo();
  }

  public static void main(String[] args) throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .registerMBean(new Preallocation(), new ObjectName("io.pfagent:type=Preallocation"));
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // Nobody writes; the end of the stream is what counts.
    }
  }

  private static final class Preallocation implements PreallocationMXBean {

    private int pages = 1;
    private boolean automatic;

    @Override
    public int getPreallocPages() {
      return pages;
    }

    @Override
    public void setPreallocPages(int newPages) {
      if (newPages > 512) {
        throw new IllegalArgumentException("pages must be from 1 to 512, not " + newPages);
      }
      if (newPages == 13) {
        throw new IllegalStateException("the beans are read-only (jmx=readonly)");
      }
      pages = newPages;
      automatic = false;
    }

    @Override
    public boolean isAutomatic() {
      return automatic;
    }

    @Override
    public void setAutomatic(boolean on) {
      automatic = on;
    }

    @Override
    public int[] getSupportedPages() {
      return new int[] {1, 16, 512};
    }

    @Override
    public String getLastChange() {
      return automatic ? "chosen for each region" : "set to " + pages;
    }

    @Override
    public List<String> getBackends() {
      return List.of("thp: 512", "mthp: denied");
    }

    @Override
    public long getUnusedBytes() {
      return 3 << 20;
    }

    @Override
    public List<String> undo() {
      pages = 1;
      automatic = false;
      return List.of("process: back to 1", "region 7: stays until it is freed");
    }
  }
}
