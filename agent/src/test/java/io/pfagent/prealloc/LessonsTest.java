package io.pfagent.prealloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import org.junit.jupiter.api.Test;

class LessonsTest {

  private static final long MB = 1 << 20;

  private final Lessons lessons = new Lessons();
  private long lastId;

  @Test
  void whatWasKeptIsRightForItsLike() {
    lessons.learn(region("a.B.c:1", 64 * MB), true, "0.2 instead of 1.0", 0);

    assertThat(lessons.forIt(region("a.B.c:1", 4 * MB)))
        .isEqualTo("as it was kept for its like (a.B.c:1): 0.2 instead of 1.0");
    assertThat(lessons.againstIt(region("a.B.c:1", 4 * MB), true, 0)).isNull();
    assertThat(lessons.forIt(region("a.B.c:2", 64 * MB))).isNull();
    assertThat(lessons.forIt(region(null, 64 * MB))).isNull();
  }

  @Test
  void whereNoSiteIsKnownKindAndOrderOfSizeMakeTheLike() {
    lessons.learn(region(null, 64 * MB), true, "good", 0);

    assertThat(lessons.forIt(region(null, 127 * MB)))
        .isEqualTo("as it was kept for its like (unsafe from 64 MB on): good");
    assertThat(lessons.forIt(region(null, 128 * MB))).isNull();
    assertThat(lessons.forIt(region(null, 63 * MB))).isNull();
  }

  @Test
  void whatWasTakenBackIsTriedAgainAfterSomeRegions() {
    lessons.learn(region("a.B.c:1", 64 * MB), false, "no gain", 0);

    for (int i = 0; i < Lessons.PASSED_OVER; i++) {
      Region next = region("a.B.c:1", 64 * MB);
      assertThat(lessons.againstIt(next, true, 0))
          .isEqualTo("it was taken back for its like (a.B.c:1): no gain");
      assertThat(lessons.againstIt(next, false, 0)).as("the same once more").isNotNull();
    }
    assertThat(lessons.againstIt(region("a.B.c:1", 64 * MB), true, 0)).isNull();
    assertThat(lessons.againstIt(region("a.B.c:1", 64 * MB), true, 0)).isNotNull();
  }

  @Test
  void orAfterAWhile() {
    lessons.learn(region("a.B.c:1", 64 * MB), false, "no gain", 0);
    Region next = region("a.B.c:1", 64 * MB);

    assertThat(lessons.againstIt(next, true, Lessons.FORGOTTEN_NANOS - 1)).isNotNull();
    assertThat(lessons.againstIt(next, false, Lessons.FORGOTTEN_NANOS)).isNull();
    assertThat(lessons.againstIt(next, false, Lessons.FORGOTTEN_NANOS)).isNotNull();
  }

  @Test
  void theLastVerdictCounts() {
    lessons.learn(region("a.B.c:1", 64 * MB), true, "good", 0);
    lessons.learn(region("a.B.c:1", 64 * MB), false, "no gain", 0);

    assertThat(lessons.forIt(region("a.B.c:1", 64 * MB))).isNull();

    lessons.forget();
    assertThat(lessons.againstIt(region("a.B.c:1", 64 * MB), true, 0)).isNull();
  }

  private Region region(String site, long size) {
    Region region = new Region(++lastId, RegionKind.UNSAFE, 4096, 4096, size, null, 0);
    region.setSite(site);
    return region;
  }
}
