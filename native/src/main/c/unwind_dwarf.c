#include "unwind_dwarf.h"

#include <string.h>

uint64_t unwind_next(struct unwind_cursor *cursor, int bytes) {
  uint64_t value = 0;
  if (cursor->bad || cursor->at + (uint64_t)bytes > cursor->end ||
      !unwind_read(cursor->memory, cursor->at, &value, (size_t)bytes)) {
    cursor->bad = true;
    return 0;
  }
  cursor->at += (uint64_t)bytes;
  return value; /* both processors are little-endian */
}

uint64_t unwind_next_unsigned(struct unwind_cursor *cursor) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    uint64_t byte = unwind_next(cursor, 1);
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      return value;
    }
  }
  cursor->bad = true;
  return 0;
}

int64_t unwind_next_signed(struct unwind_cursor *cursor) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    uint64_t byte = unwind_next(cursor, 1);
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      bool negative = (byte & 0x40) != 0 && shift + 7 < 64;
      return (int64_t)(negative ? value | UINT64_MAX << (shift + 7) : value);
    }
  }
  cursor->bad = true;
  return 0;
}

uint64_t unwind_next_pointer(struct unwind_cursor *cursor, uint8_t encoding, uint64_t data) {
  uint64_t here = cursor->at;
  uint64_t value;
  switch (encoding & UNWIND_POINTER_FORMAT) {
    case 0x00:
    case 0x04:
    case 0x0c:
      value = unwind_next(cursor, 8);
      break;
    case 0x01:
      value = unwind_next_unsigned(cursor);
      break;
    case 0x02:
      value = unwind_next(cursor, 2);
      break;
    case 0x03:
      value = unwind_next(cursor, 4);
      break;
    case 0x09:
      value = (uint64_t)unwind_next_signed(cursor);
      break;
    case 0x0a:
      value = (uint64_t)(int64_t)(int16_t)unwind_next(cursor, 2);
      break;
    case UNWIND_POINTER_SIGNED_4:
      value = (uint64_t)(int64_t)(int32_t)unwind_next(cursor, 4);
      break;
    default:
      cursor->bad = true;
      return 0;
  }
  switch (encoding & UNWIND_POINTER_BASE) {
    case UNWIND_POINTER_ABSOLUTE:
      return value;
    case UNWIND_POINTER_PC_RELATIVE:
      return value == 0 ? 0 : value + here;
    case UNWIND_POINTER_DATA_RELATIVE:
      return value + data;
    default:
      cursor->bad = true;
      return 0;
  }
}

uint64_t unwind_skip_block(struct unwind_cursor *cursor) {
  uint64_t block = cursor->at;
  uint64_t length = unwind_next_unsigned(cursor);
  if (length > cursor->end - cursor->at) {
    cursor->bad = true;
    return 0;
  }
  cursor->at += length;
  return block;
}

/* The operations of DWARF 5, section 2.5, that call frame information is seen to use. */
enum {
  DW_OP_DEREF = 0x06,
  DW_OP_CONST1U = 0x08,
  DW_OP_CONST1S = 0x09,
  DW_OP_CONST2U = 0x0a,
  DW_OP_CONST2S = 0x0b,
  DW_OP_CONST4U = 0x0c,
  DW_OP_CONST4S = 0x0d,
  DW_OP_CONSTU = 0x10,
  DW_OP_CONSTS = 0x11,
  DW_OP_DUP = 0x12,
  DW_OP_AND = 0x1a,
  DW_OP_MINUS = 0x1c,
  DW_OP_PLUS = 0x22,
  DW_OP_PLUS_UCONST = 0x23,
  DW_OP_SHL = 0x24,
  DW_OP_EQ = 0x29,
  DW_OP_GE = 0x2a,
  DW_OP_GT = 0x2b,
  DW_OP_LE = 0x2c,
  DW_OP_LT = 0x2d,
  DW_OP_NE = 0x2e,
  DW_OP_LIT0 = 0x30,
  DW_OP_LIT31 = 0x4f,
  DW_OP_BREG0 = 0x70,
  DW_OP_BREG31 = 0x8f,

  DEPTH = 16,
  MOST_EXPRESSION_BYTES = 256,
};

struct machine {
  struct unwind_cursor cursor;
  const struct unwind_stack *stack;
  const struct unwind_registers *registers;
  uint64_t values[DEPTH];
  int depth;
};

static bool push(struct machine *machine, uint64_t value) {
  if (machine->depth == DEPTH || machine->cursor.bad) {
    return false;
  }
  machine->values[machine->depth++] = value;
  return true;
}

static bool binary(struct machine *machine, uint8_t operation) {
  if (machine->depth < 2) {
    return false;
  }
  uint64_t right = machine->values[--machine->depth];
  uint64_t left = machine->values[--machine->depth];
  switch (operation) {
    case DW_OP_AND:
      return push(machine, left & right);
    case DW_OP_MINUS:
      return push(machine, left - right);
    case DW_OP_PLUS:
      return push(machine, left + right);
    case DW_OP_SHL:
      return push(machine, right < 64 ? left << right : 0);
    case DW_OP_EQ:
      return push(machine, left == right);
    case DW_OP_GE:
      return push(machine, (int64_t)left >= (int64_t)right);
    case DW_OP_GT:
      return push(machine, (int64_t)left > (int64_t)right);
    case DW_OP_LE:
      return push(machine, (int64_t)left <= (int64_t)right);
    case DW_OP_LT:
      return push(machine, (int64_t)left < (int64_t)right);
    case DW_OP_NE:
      return push(machine, left != right);
    default:
      return false;
  }
}

static bool operate(struct machine *machine, uint8_t operation) {
  struct unwind_cursor *cursor = &machine->cursor;
  uint64_t *top = machine->depth == 0 ? NULL : &machine->values[machine->depth - 1];
  if (operation >= DW_OP_LIT0 && operation <= DW_OP_LIT31) {
    return push(machine, (uint64_t)(operation - DW_OP_LIT0));
  }
  if (operation >= DW_OP_BREG0 && operation <= DW_OP_BREG31) {
    int number = operation - DW_OP_BREG0;
    uint64_t offset = (uint64_t)unwind_next_signed(cursor);
    return number < UNWIND_REGISTERS && push(machine, machine->registers->value[number] + offset);
  }
  switch (operation) {
    case DW_OP_DEREF:
      return top != NULL && unwind_stack_word(machine->stack, *top, top);
    case DW_OP_CONST1U:
      return push(machine, unwind_next(cursor, 1));
    case DW_OP_CONST1S:
      return push(machine, (uint64_t)(int64_t)(int8_t)unwind_next(cursor, 1));
    case DW_OP_CONST2U:
      return push(machine, unwind_next(cursor, 2));
    case DW_OP_CONST2S:
      return push(machine, (uint64_t)(int64_t)(int16_t)unwind_next(cursor, 2));
    case DW_OP_CONST4U:
      return push(machine, unwind_next(cursor, 4));
    case DW_OP_CONST4S:
      return push(machine, (uint64_t)(int64_t)(int32_t)unwind_next(cursor, 4));
    case DW_OP_CONSTU:
      return push(machine, unwind_next_unsigned(cursor));
    case DW_OP_CONSTS:
      return push(machine, (uint64_t)unwind_next_signed(cursor));
    case DW_OP_DUP:
      return top != NULL && push(machine, *top);
    case DW_OP_PLUS_UCONST:
      if (top != NULL) {
        *top += unwind_next_unsigned(cursor);
      }
      return top != NULL;
    default:
      return binary(machine, operation);
  }
}

bool unwind_evaluate(struct unwind_memory *memory, uint64_t block, const struct unwind_stack *stack,
                     const struct unwind_registers *registers, const uint64_t *initial,
                     uint64_t *result) {
  struct machine machine;
  memset(&machine, 0, sizeof machine);
  machine.stack = stack;
  machine.registers = registers;
  machine.cursor = (struct unwind_cursor){memory, block, block + MOST_EXPRESSION_BYTES, false};
  uint64_t length = unwind_next_unsigned(&machine.cursor);
  if (machine.cursor.bad || length > MOST_EXPRESSION_BYTES) {
    return false;
  }
  machine.cursor.end = machine.cursor.at + length;
  if (initial != NULL) {
    push(&machine, *initial);
  }
  while (machine.cursor.at < machine.cursor.end) {
    uint8_t operation = (uint8_t)unwind_next(&machine.cursor, 1);
    if (machine.cursor.bad || !operate(&machine, operation)) {
      return false;
    }
  }
  if (machine.depth == 0 || machine.cursor.bad) {
    return false;
  }
  *result = machine.values[machine.depth - 1];
  return true;
}
