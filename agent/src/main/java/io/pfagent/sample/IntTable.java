package io.pfagent.sample;

import java.util.Arrays;

/**
 * Numbers by numbers: to look one up makes no object. Not for several threads.
 *
 * <pre>
 *   keys    slot -> key
 *   values  slot -> value + 1, 0 where the slot is free     (open addressing, at most half full)
 * </pre>
 */
final class IntTable {

  /** What {@link #get} gives for a key that is not there. */
  static final int NONE = -1;

  private static final int FIRST_SLOTS = 64;

  private int[] keys = new int[FIRST_SLOTS];
  private int[] values = new int[FIRST_SLOTS];
  private int size;

  /** The value of this key, or {@link #NONE}. */
  int get(int key) {
    return values[slot(key)] - 1;
  }

  /**
   * Gives a key a value, whether it has one or not.
   *
   * @param value 0 or more
   */
  void put(int key, int value) {
    int slot = slot(key);
    if (values[slot] == 0) {
      size++;
    }
    keys[slot] = key;
    values[slot] = value + 1;
    if (2 * size > keys.length) {
      grow();
    }
  }

  /** Forgets all keys. */
  void clear() {
    Arrays.fill(values, 0);
    size = 0;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldValues = values;
    keys = new int[2 * oldKeys.length];
    values = new int[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  /** The slot that has this key, or the free one for it. */
  private int slot(int key) {
    int mask = keys.length - 1;
    // Spreads keys that follow one another at a distance.
    int hash = key * 0x9e3779b1;
    int slot = (hash ^ hash >>> 15) & mask;
    while (values[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
