package io.pfagent.app;

import com.sun.jna.Function;

/** Has the kernel refuse this process large pages, whatever is advised, as prctl(2) can. */
final class HugePages {

  private static final int PR_SET_THP_DISABLE = 41;

  private HugePages() {}

  static void forbid() {
    int result =
        Function.getFunction("c", "prctl")
            .invokeInt(new Object[] {PR_SET_THP_DISABLE, 1L, 0L, 0L, 0L});
    if (result != 0) {
      throw new IllegalStateException("prctl(PR_SET_THP_DISABLE) gave " + result);
    }
  }
}
