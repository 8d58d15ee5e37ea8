package io.pfagent.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnnamedSitesTest {

  /** Classes of this package are passed over as the agent's own, so the caller is JUnit. */
  private static final String CALLER = "org.junit.";

  private final UnnamedSites unnamed = new UnnamedSites(new AllocationSite());
  private final Region region = region(1);

  @Test
  void aSiteIsToldLaterAsItWouldHaveBeenAtOnce() {
    unnamed.setOn(true);
    assertThat(unnamed.add(region)).isTrue();
    assertThat(region.site()).isNull();

    String atOnce = new AllocationSite().ofCurrentThread();
    unnamed.name();
    assertThat(region.site()).isEqualTo(atOnce).startsWith(CALLER);
  }

  @Test
  void switchingItOffTellsWhatIsOpen() {
    unnamed.setOn(true);
    unnamed.add(region);
    unnamed.setOn(false);
    assertThat(region.site()).startsWith(CALLER);
  }

  @Test
  void nothingStaysOpenWhileItIsOff() {
    unnamed.add(region);
    assertThat(region.site()).startsWith(CALLER);
  }

  @Test
  void theSiteOfAFreedRegionIsNotLookedFor() {
    unnamed.setOn(true);
    unnamed.add(region);
    region.tryFree();
    unnamed.name();
    assertThat(region.site()).isNull();
  }

  @Test
  void onlySoManyStacksAreKept() {
    unnamed.setOn(true);
    int taken = 0;
    while (unnamed.add(region(taken))) {
      taken++;
    }
    assertThat(taken).isEqualTo(1000);
    unnamed.name();
    assertThat(unnamed.add(region)).isTrue();
  }

  private static Region region(long id) {
    return new Region(id, RegionKind.DIRECT_BUFFER, 4096, 4096, 4096, null, 0);
  }
}
