package io.pfagent.kernel;

import java.nio.ByteBuffer;

/**
 * Writes the instructions of a BPF program, eight bytes each (Documentation/bpf/standardization/
 * instruction-set.rst of the kernel). Arithmetic is of 64 bits.
 *
 * <pre>
 *   +--------+-----------+--------+-------+
 *   | opcode | src : dst | offset | value |
 *   | u8     | 4 : 4 bit | s16    | s32   |
 *   +--------+-----------+--------+-------+
 * </pre>
 */
final class BpfCode {

  /** What a helper or the program returns. */
  static final int R0 = 0;

  /** R1 to R5: what a helper is given, and lost by its call; R1: what the program is given. */
  static final int R1 = 1;

  static final int R2 = 2;
  static final int R3 = 3;
  static final int R4 = 4;

  /** R6 to R9 outlive calls. */
  static final int R6 = 6;

  static final int R7 = 7;
  static final int R8 = 8;
  static final int R9 = 9;

  /** The end of the program's stack of 512 bytes. */
  static final int STACK = 10;

  static final int BYTES = 8;

  private static final int MOST_INSTRUCTIONS = 64;
  private static final int OFFSET = 2;
  private static final int VALUE = 4;

  private static final int ADD = 0x07;
  private static final int SUBTRACT = 0x17;
  private static final int MULTIPLY = 0x27;
  private static final int AND = 0x57;
  private static final int NEGATE = 0x87;
  private static final int MOVE = 0xb7;

  /** In an opcode of arithmetic: the operand is a register. */
  private static final int BY_REGISTER = 0x08;

  private static final int LOAD = 0x79;
  private static final int STORE = 0x7b;
  private static final int STORE_INT = 0x63;
  private static final int ATOMIC = 0xdb;
  private static final int ADD_AND_FETCH = 0x01;
  private static final int LOAD_LONG = 0x18;
  private static final int MAP_VALUE = 2;
  private static final int JUMP_IF_LESS = 0xa5;
  private static final int JUMP_IF_NOT_EQUAL = 0x55;
  private static final int CALL = 0x85;
  private static final int EXIT = 0x95;

  private final ByteBuffer instructions = LibC.newBuffer(MOST_INSTRUCTIONS * BYTES);

  /** What has been written so far, from the buffer's start to its position. */
  ByteBuffer instructions() {
    return instructions;
  }

  BpfCode move(int to, int from) {
    return add(MOVE | BY_REGISTER, to, from, 0, 0);
  }

  BpfCode set(int to, int value) {
    return add(MOVE, to, 0, 0, value);
  }

  BpfCode setLong(int to, long value) {
    return add(LOAD_LONG, to, 0, 0, (int) value).add(0, 0, 0, 0, (int) (value >>> Integer.SIZE));
  }

  /** The address of the only value of an array map. */
  BpfCode setToMapValue(int to, int mapFd) {
    return add(LOAD_LONG, to, MAP_VALUE, 0, mapFd).add(0, 0, 0, 0, 0);
  }

  BpfCode add(int to, int value) {
    return add(ADD, to, 0, 0, value);
  }

  BpfCode addRegister(int to, int register) {
    return add(ADD | BY_REGISTER, to, register, 0, 0);
  }

  BpfCode subtractRegister(int to, int register) {
    return add(SUBTRACT | BY_REGISTER, to, register, 0, 0);
  }

  BpfCode multiply(int to, int value) {
    return add(MULTIPLY, to, 0, 0, value);
  }

  BpfCode and(int to, int value) {
    return add(AND, to, 0, 0, value);
  }

  BpfCode negate(int register) {
    return add(NEGATE, register, 0, 0, 0);
  }

  BpfCode load(int to, int base, int offset) {
    return add(LOAD, to, base, offset, 0);
  }

  BpfCode store(int base, int offset, int from) {
    return add(STORE, base, from, offset, 0);
  }

  /** The lower 32 bits. */
  BpfCode storeInt(int base, int offset, int from) {
    return add(STORE_INT, base, from, offset, 0);
  }

  /** Atomic, and seen only after all that was stored before (Linux 5.12). */
  BpfCode addAtomically(int base, int offset, int register) {
    return add(ATOMIC, base, register, offset, ADD_AND_FETCH);
  }

  /** Calls a helper (enum bpf_func_id of include/uapi/linux/bpf.h). */
  BpfCode call(int helper) {
    return add(CALL, 0, 0, 0, helper);
  }

  BpfCode exit() {
    return add(EXIT, 0, 0, 0, 0);
  }

  /**
   * Goes on where {@link #land} says, if a register is less, unsigned.
   *
   * @return for {@link #land}
   */
  int jumpIfLess(int register, int value) {
    return jump(JUMP_IF_LESS, register, value);
  }

  /** As {@link #jumpIfLess}, if a register has another value. */
  int jumpIfNotEqual(int register, int value) {
    return jump(JUMP_IF_NOT_EQUAL, register, value);
  }

  /** A jump leads here. */
  BpfCode land(int jump) {
    int instructionsBetween = (instructions.position() - jump) / BYTES - 1;
    instructions.putShort(jump + OFFSET, (short) instructionsBetween);
    return this;
  }

  private int jump(int opcode, int register, int value) {
    int at = instructions.position();
    add(opcode, register, 0, 0, value);
    return at;
  }

  private BpfCode add(int opcode, int destination, int source, int offset, int value) {
    int at = instructions.position();
    instructions.put(at, (byte) opcode);
    instructions.put(at + 1, (byte) (source << 4 | destination));
    instructions.putShort(at + OFFSET, (short) offset);
    instructions.putInt(at + VALUE, value);
    instructions.position(at + BYTES);
    return this;
  }
}
