package io.pfagent.chunk;

import java.util.BitSet;

/** The constants of one type that a chunk of samples has, and those of them not yet written. */
final class ConstantPool {

  private final StructLayout layout;
  private final long typeId;
  private final BitSet known = new BitSet();
  private final ByteWriter pending = new ByteWriter(1024);
  private int pendingCount;

  ConstantPool(StructLayout layout) {
    this.layout = layout;
    this.typeId = layout.type().id();
  }

  /** Where to set the values of the next constant. */
  StructLayout layout() {
    return layout;
  }

  /** Whether this is the first time that it is asked for this number. */
  boolean isNew(int id) {
    if (known.get(id)) {
      return false;
    }
    known.set(id);
    return true;
  }

  /** Adds the constant that the layout was set to. */
  void add(long key) {
    pending.number(key);
    layout.writeTo(pending);
    pendingCount++;
  }

  /** Adds a string. */
  void add(long key, String text) {
    pending.number(key);
    EncodedString.write(pending, text);
    pendingCount++;
  }

  boolean isPending() {
    return pendingCount > 0;
  }

  int pendingBytes() {
    return pending.size();
  }

  /** Writes what is pending, behind the number of its type and its count. */
  void writeTo(ByteWriter out) {
    out.number(typeId);
    out.number(pendingCount);
    out.append(pending);
    pending.clear();
    pendingCount = 0;
  }
}
