package io.pfagent.prealloc;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What a verdict on one region tells of its like: those that the same code allocates, or, where
 * that isn't known, of the same kind and order of size. Any thread may ask.
 */
final class Lessons {

  /** What was taken back isn't tried on so many more regions; then on one. */
  static final int PASSED_OVER = 8;

  /** Or not for so long. */
  static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Sites beyond these, more than a program is likely to have, teach nothing. */
  private static final int MOST = 1000;

  private record Kind(RegionKind kind, int sizeLog2) {

    @Override
    public String toString() {
      return kind.label() + " from " + (1L << (sizeLog2 - 1 - 20)) + " MB on";
    }
  }

  private static final class Lesson {
    private final boolean kept;
    private final String reason;
    private long nanos;
    private int passedOver;

    private Lesson(boolean kept, String reason, long nanos) {
      this.kept = kept;
      this.reason = reason;
      this.nanos = nanos;
    }

    private synchronized boolean isTryDue(boolean isNew, long nowNanos) {
      passedOver += isNew ? 1 : 0;
      boolean due = passedOver > PASSED_OVER || nowNanos - nanos >= FORGOTTEN_NANOS;
      if (due) {
        passedOver = 0;
        nanos = nowNanos;
      }
      return due;
    }
  }

  private final Map<Object, Lesson> lessons = new ConcurrentHashMap<>();

  /** A step on this region was judged; the last verdict counts. */
  void learn(Region region, boolean kept, String reason, long nowNanos) {
    Object like = like(region);
    if (lessons.size() < MOST || lessons.containsKey(like)) {
      lessons.put(like, new Lesson(kept, reason, nowNanos));
    }
  }

  /** Why the step is right for this region, too; null if that isn't known. */
  String forIt(Region region) {
    if (lessons.isEmpty()) {
      return null;
    }
    Object like = like(region);
    Lesson lesson = lessons.get(like);
    return lesson == null || !lesson.kept
        ? null
        : "as it was kept for its like (" + like + "): " + lesson.reason;
  }

  /**
   * Why the step isn't tried on this region; null if it may be.
   *
   * @param isNew whether it is asked for the first time for this region
   */
  String againstIt(Region region, boolean isNew, long nowNanos) {
    Object like = like(region);
    Lesson lesson = lessons.get(like);
    return lesson == null || lesson.kept || lesson.isTryDue(isNew, nowNanos)
        ? null
        : "it was taken back for its like (" + like + "): " + lesson.reason;
  }

  /** What was learned by another plan says nothing of the next one. */
  void forget() {
    lessons.clear();
  }

  private static Object like(Region region) {
    return region.site() == null
        ? new Kind(region.kind(), Long.SIZE - Long.numberOfLeadingZeros(region.size()))
        : region.site();
  }
}
