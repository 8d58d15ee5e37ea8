package io.pfagent.jmx;

import io.pfagent.prealloc.Change;
import io.pfagent.prealloc.Preallocation;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;

/** Answers {@link PreallocationMXBean}, and notifies of each change. */
public final class PreallocationBean extends NotificationBroadcasterSupport
    implements PreallocationMXBean {

  private final Preallocation preallocation;
  private final boolean writable;
  private final boolean systemWrites;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * @param writable whether anything may be changed
   * @param systemWrites whether settings may be written that reach beyond this process
   */
  public PreallocationBean(Preallocation preallocation, boolean writable, boolean systemWrites) {
    super(
        new MBeanNotificationInfo(
            new String[] {CHANGE},
            Notification.class.getName(),
            "A change of preallocation or a refusal; the message says what, from what, and why"));
    this.preallocation = preallocation;
    this.writable = writable;
    this.systemWrites = systemWrites;
    preallocation.addListener(this::notifyOf);
  }

  @Override
  public int getPreallocPages() {
    return preallocation.pages();
  }

  @Override
  public void setPreallocPages(int pages) {
    checkWritable();
    preallocation.setPages(pages);
  }

  @Override
  public boolean isAutomatic() {
    return preallocation.isAutomatic();
  }

  @Override
  public void setAutomatic(boolean automatic) {
    checkWritable();
    preallocation.setAutomatic(automatic);
  }

  @Override
  public String getBackend() {
    return preallocation.backend();
  }

  @Override
  public void setBackend(String backend) {
    checkWritable();
    preallocation.setBackend(given("backend", backend));
  }

  @Override
  public String getBackendInUse() {
    return preallocation.backendInUse();
  }

  @Override
  public List<String> getBackends() {
    return preallocation.backends();
  }

  @Override
  public String getZeroing() {
    return preallocation.zeroing();
  }

  @Override
  public void setZeroing(String zeroing) {
    checkWritable();
    preallocation.setZeroing(given("zeroing", zeroing));
  }

  @Override
  public int[] getSupportedPages() {
    return preallocation.supportedPages();
  }

  @Override
  public String getScope() {
    return preallocation.scope();
  }

  @Override
  public boolean isSystemWritesAllowed() {
    return systemWrites;
  }

  @Override
  public long getHeadroomBytes() {
    return preallocation.headroomBytes();
  }

  @Override
  public long getUnusedBytes() {
    return preallocation.unusedBytes();
  }

  @Override
  public String getLastChange() {
    Change last = preallocation.lastChange();
    return last == null ? "" : last.toString();
  }

  @Override
  public String setRegionPages(long regionId, int pages) {
    checkWritable();
    return preallocation.setRegionPages(regionId, pages).toString();
  }

  @Override
  public String adviseRegion(long regionId, String advice) {
    checkWritable();
    return preallocation.adviseRegion(regionId, given("advice", advice)).toString();
  }

  @Override
  public List<String> undo() {
    checkWritable();
    return preallocation.undo().stream().map(Change::toString).toList();
  }

  private void notifyOf(Change change) {
    sendNotification(new Notification(CHANGE, NAME, sequence.incrementAndGet(), change.toString()));
  }

  private void checkWritable() {
    if (!writable) {
      throw new IllegalStateException("the agent was started with jmx=readonly");
    }
  }

  private static String given(String name, String value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
