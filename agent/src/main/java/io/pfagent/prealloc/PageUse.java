package io.pfagent.prealloc;

/**
 * What a stretch of memory holds.
 *
 * @param residentBytes that were handed out
 * @param hugeBytes those of them in pages of the largest size; -1 if unknown
 * @param unusedBytes those of them that hold zeros alone, an estimate
 */
record PageUse(long residentBytes, long hugeBytes, long unusedBytes) {

  static final PageUse NONE = new PageUse(0, 0, 0);

  long usedBytes() {
    return Math.max(0, residentBytes - unusedBytes);
  }
}
