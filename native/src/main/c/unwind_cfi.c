#include "unwind_cfi.h"

#include <string.h>

#include "unwind_cfi_entry.h"

/* The instructions of DWARF 5, section 6.4.2, and those of GNU. */
enum {
  DW_CFA_ADVANCE = 0x40, /* the upper two bits; the lower six are an operand */
  DW_CFA_OFFSET = 0x80,
  DW_CFA_RESTORE = 0xc0,
  DW_CFA_HIGH = 0xc0,
  DW_CFA_LOW = 0x3f,
  DW_CFA_NOP = 0x00,
  DW_CFA_SET_LOC = 0x01,
  DW_CFA_ADVANCE1 = 0x02,
  DW_CFA_ADVANCE2 = 0x03,
  DW_CFA_ADVANCE4 = 0x04,
  DW_CFA_OFFSET_EXTENDED = 0x05,
  DW_CFA_RESTORE_EXTENDED = 0x06,
  DW_CFA_UNDEFINED = 0x07,
  DW_CFA_SAME_VALUE = 0x08,
  DW_CFA_REGISTER = 0x09,
  DW_CFA_REMEMBER = 0x0a,
  DW_CFA_RECALL = 0x0b,
  DW_CFA_DEF_CFA = 0x0c,
  DW_CFA_DEF_CFA_REGISTER = 0x0d,
  DW_CFA_DEF_CFA_OFFSET = 0x0e,
  DW_CFA_DEF_CFA_EXPRESSION = 0x0f,
  DW_CFA_EXPRESSION = 0x10,
  DW_CFA_OFFSET_EXTENDED_SF = 0x11,
  DW_CFA_DEF_CFA_SF = 0x12,
  DW_CFA_DEF_CFA_OFFSET_SF = 0x13,
  DW_CFA_VAL_OFFSET = 0x14,
  DW_CFA_VAL_OFFSET_SF = 0x15,
  DW_CFA_GNU_WINDOW_SAVE = 0x2d, /* on aarch64: the return address is signed, or is not */
  DW_CFA_GNU_ARGS_SIZE = 0x2e,

  MOST_REMEMBERED = 8,
  MOST_INSTRUCTIONS = 4096,
};

void unwind_cfi_forget(struct unwind_cfi *cfi) {
  for (int i = 0; i < UNWIND_ROWS; i++) {
    cfi->rows[i].pc = 0;
  }
}

static void set_rule(struct unwind_row *row, uint64_t number, enum unwind_rule rule,
                     int64_t value) {
  if (number < UNWIND_REGISTERS) { /* vector registers are of no use here */
    row->rules[number] = (uint8_t)rule;
    row->values[number] = value;
  }
}

static void restore_rule(struct unwind_row *row, const struct unwind_row *initial,
                         uint64_t number) {
  if (number < UNWIND_REGISTERS) {
    row->rules[number] = initial->rules[number];
    row->values[number] = initial->values[number];
  }
}

static void set_cfa(struct unwind_row *row, uint64_t number, int64_t offset) {
  row->cfa_is_expression = false;
  row->cfa_register = (uint8_t)(number < UNWIND_REGISTERS ? number : UINT8_MAX);
  row->cfa_value = offset;
}

struct program {
  const struct unwind_description *description;
  struct unwind_cursor cursor;
  struct unwind_row *row;
  const struct unwind_row *initial;
  uint64_t location;
  struct unwind_row remembered[MOST_REMEMBERED];
  int remembered_count;
};

/* One instruction but those that move the location; false if it isn't understood. */
static bool apply(struct program *program, uint8_t instruction) {
  struct unwind_cursor *cursor = &program->cursor;
  struct unwind_row *row = program->row;
  int64_t factor = program->description->data_factor;
  uint64_t number;
  switch (instruction) {
    case DW_CFA_NOP:
    case DW_CFA_GNU_WINDOW_SAVE:
      return true;
    case DW_CFA_OFFSET_EXTENDED:
      number = unwind_next_unsigned(cursor);
      set_rule(row, number, UNWIND_SAVED, (int64_t)unwind_next_unsigned(cursor) * factor);
      return true;
    case DW_CFA_OFFSET_EXTENDED_SF:
      number = unwind_next_unsigned(cursor);
      set_rule(row, number, UNWIND_SAVED, unwind_next_signed(cursor) * factor);
      return true;
    case DW_CFA_VAL_OFFSET:
      number = unwind_next_unsigned(cursor);
      set_rule(row, number, UNWIND_VALUE, (int64_t)unwind_next_unsigned(cursor) * factor);
      return true;
    case DW_CFA_VAL_OFFSET_SF:
      number = unwind_next_unsigned(cursor);
      set_rule(row, number, UNWIND_VALUE, unwind_next_signed(cursor) * factor);
      return true;
    case DW_CFA_RESTORE_EXTENDED:
      restore_rule(row, program->initial, unwind_next_unsigned(cursor));
      return true;
    case DW_CFA_UNDEFINED:
      set_rule(row, unwind_next_unsigned(cursor), UNWIND_UNDEFINED, 0);
      return true;
    case DW_CFA_SAME_VALUE:
      set_rule(row, unwind_next_unsigned(cursor), UNWIND_SAME, 0);
      return true;
    case DW_CFA_REGISTER:
      set_rule(row, unwind_next_unsigned(cursor), UNWIND_UNDEFINED, 0);
      unwind_next_unsigned(cursor);
      return true;
    case DW_CFA_DEF_CFA:
      number = unwind_next_unsigned(cursor);
      set_cfa(row, number, (int64_t)unwind_next_unsigned(cursor));
      return true;
    case DW_CFA_DEF_CFA_SF:
      number = unwind_next_unsigned(cursor);
      set_cfa(row, number, unwind_next_signed(cursor) * factor);
      return true;
    case DW_CFA_DEF_CFA_REGISTER:
      set_cfa(row, unwind_next_unsigned(cursor), row->cfa_value);
      return true;
    case DW_CFA_DEF_CFA_OFFSET:
      row->cfa_value = (int64_t)unwind_next_unsigned(cursor);
      return true;
    case DW_CFA_DEF_CFA_OFFSET_SF:
      row->cfa_value = unwind_next_signed(cursor) * factor;
      return true;
    case DW_CFA_DEF_CFA_EXPRESSION:
      row->cfa_is_expression = true;
      row->cfa_value = (int64_t)unwind_skip_block(cursor);
      return true;
    case DW_CFA_EXPRESSION:
      number = unwind_next_unsigned(cursor);
      set_rule(row, number, UNWIND_EXPRESSION, (int64_t)unwind_skip_block(cursor));
      return true;
    case DW_CFA_REMEMBER:
      if (program->remembered_count == MOST_REMEMBERED) {
        return false;
      }
      program->remembered[program->remembered_count++] = *row;
      return true;
    case DW_CFA_RECALL:
      if (program->remembered_count == 0) {
        return false;
      }
      *row = program->remembered[--program->remembered_count];
      return true;
    case DW_CFA_GNU_ARGS_SIZE:
      unwind_next_unsigned(cursor);
      return true;
    default:
      return false;
  }
}

/* How far an instruction moves the location; false if it is none of those. */
static bool advance(struct program *program, uint8_t instruction) {
  struct unwind_cursor *cursor = &program->cursor;
  uint64_t factor = program->description->code_factor;
  if ((instruction & DW_CFA_HIGH) == DW_CFA_ADVANCE) {
    program->location += (instruction & DW_CFA_LOW) * factor;
    return true;
  }
  switch (instruction) {
    case DW_CFA_SET_LOC:
      program->location = unwind_next_pointer(cursor, program->description->encoding, 0);
      return true;
    case DW_CFA_ADVANCE1:
      program->location += unwind_next(cursor, 1) * factor;
      return true;
    case DW_CFA_ADVANCE2:
      program->location += unwind_next(cursor, 2) * factor;
      return true;
    case DW_CFA_ADVANCE4:
      program->location += unwind_next(cursor, 4) * factor;
      return true;
    default:
      return false;
  }
}

/* Runs instructions until they speak of places behind pc. */
static bool run(struct program *program, uint64_t pc) {
  struct unwind_cursor *cursor = &program->cursor;
  for (int i = 0; cursor->at < cursor->end; i++) {
    uint8_t instruction = (uint8_t)unwind_next(cursor, 1);
    if (i == MOST_INSTRUCTIONS) {
      return false;
    }
    if (advance(program, instruction)) {
      if (program->location > pc) {
        return !cursor->bad;
      }
    } else if ((instruction & DW_CFA_HIGH) == DW_CFA_OFFSET) {
      int64_t offset = (int64_t)unwind_next_unsigned(cursor) * program->description->data_factor;
      set_rule(program->row, instruction & DW_CFA_LOW, UNWIND_SAVED, offset);
    } else if ((instruction & DW_CFA_HIGH) == DW_CFA_RESTORE) {
      restore_rule(program->row, program->initial, instruction & DW_CFA_LOW);
    } else if (!apply(program, instruction)) {
      return false;
    }
    if (cursor->bad) {
      return false;
    }
  }
  return true;
}

static bool compute_row(struct unwind_memory *memory, uint64_t header, uint64_t pc,
                        struct unwind_row *row) {
  struct unwind_description description;
  uint64_t address = unwind_find_description(memory, header, pc);
  if (address == 0 || !unwind_read_description(&description, memory, address) ||
      pc < description.low || pc >= description.high) {
    return false;
  }
  struct unwind_row initial;
  memset(&initial, 0, sizeof initial);
  initial.cfa_register = UINT8_MAX;
  struct program program;
  memset(&program, 0, sizeof program);
  program.description = &description;
  program.cursor = description.initial;
  program.row = &initial;
  program.initial = &initial;
  if (!run(&program, UINT64_MAX)) {
    return false;
  }
  *row = initial;
  program.cursor = description.instructions;
  program.row = row;
  program.location = description.low;
  program.remembered_count = 0;
  row->signal_frame = description.signal_frame;
  return run(&program, pc);
}

static const struct unwind_row *row_at(struct unwind_cfi *cfi, struct unwind_modules *modules,
                                       struct unwind_memory *memory, uint64_t pc) {
  struct unwind_row *row = &cfi->rows[(pc * 0x9e3779b97f4a7c15) >> 32 & (UNWIND_ROWS - 1)];
  if (row->pc != pc) {
    struct unwind_module *module = unwind_module_at(modules, pc);
    struct unwind_row computed;
    memset(&computed, 0, sizeof computed);
    bool known = module != NULL && module->frame_header != 0 &&
                 compute_row(memory, module->frame_header, pc, &computed);
    *row = computed;
    row->pc = pc;
    row->known = known;
  }
  return row->known ? row : NULL;
}

static bool find_cfa(const struct unwind_row *row, struct unwind_memory *memory,
                     const struct unwind_stack *stack, const struct unwind_registers *registers,
                     uint64_t *cfa) {
  if (row->cfa_is_expression) {
    return unwind_evaluate(memory, (uint64_t)row->cfa_value, stack, registers, NULL, cfa);
  }
  if (row->cfa_register >= UNWIND_REGISTERS) {
    return false;
  }
  *cfa = registers->value[row->cfa_register] + (uint64_t)row->cfa_value;
  return true;
}

/*
 * Whether a function that is about to return has popped what it had saved: compilers leave the
 * rules as they are until the frame itself is gone. On x86-64 a slot below the stack pointer may
 * also lie in the red zone of a function that pops nothing (System V ABI for AMD64, 3.2.2).
 */
static bool has_popped(struct unwind_memory *memory, uint64_t pc) {
#if defined(__x86_64__)
  uint8_t before;
  return unwind_read_u8(memory, pc - 1, &before) &&
         (before == 0xc9 || (before >= 0x58 && before <= 0x5f)); /* leave; pop */
#else
  (void)memory, (void)pc;
  return true;
#endif
}

/* Applies a register's rule. */
static enum unwind_native_step caller_value(const struct unwind_row *row, int number, uint64_t cfa,
                                            struct unwind_memory *memory,
                                            const struct unwind_stack *stack,
                                            const struct unwind_registers *registers,
                                            uint64_t *value) {
  uint64_t address;
  switch (row->rules[number]) {
    case UNWIND_SAVED:
      address = cfa + (uint64_t)row->values[number];
      break;
    case UNWIND_EXPRESSION:
      if (!unwind_evaluate(memory, (uint64_t)row->values[number], stack, registers, &cfa,
                           &address)) {
        return UNWIND_STEP_UNKNOWN;
      }
      break;
    case UNWIND_VALUE:
      *value = cfa + (uint64_t)row->values[number];
      return UNWIND_STEPPED;
    case UNWIND_UNDEFINED:
      *value = 0;
      return UNWIND_STEPPED;
    default:
      return UNWIND_STEPPED;
  }
  if (unwind_stack_word(stack, address, value)) {
    return UNWIND_STEPPED;
  }
  if (address < registers->value[UNWIND_SP] && number != UNWIND_PC && number != UNWIND_SP &&
      has_popped(memory, registers->value[UNWIND_PC])) {
    return UNWIND_STEPPED; /* it holds its value again */
  }
  return unwind_stack_above(stack, address) ? UNWIND_STEP_TRUNCATED : UNWIND_STEP_UNKNOWN;
}

enum unwind_native_step unwind_native_caller(struct unwind_cfi *cfi, struct unwind_modules *modules,
                                             struct unwind_memory *memory,
                                             const struct unwind_stack *stack,
                                             struct unwind_registers *registers, bool *returned) {
  /* A return address may be the first of the next function: the call before it is what counts. */
  uint64_t pc = registers->value[UNWIND_PC] - (*returned ? 1 : 0);
  const struct unwind_row *row = row_at(cfi, modules, memory, pc);
  uint64_t cfa;
  if (row == NULL || !find_cfa(row, memory, stack, registers, &cfa) ||
      cfa <= registers->value[UNWIND_SP]) {
    return UNWIND_STEP_UNKNOWN;
  }
  struct unwind_registers caller = *registers;
  caller.value[UNWIND_SP] = cfa;
  for (int i = 0; i < UNWIND_REGISTERS; i++) {
    enum unwind_native_step step =
        caller_value(row, i, cfa, memory, stack, registers, &caller.value[i]);
    if (step != UNWIND_STEPPED) {
      return step;
    }
  }
#if defined(__aarch64__)
  caller.value[UNWIND_PC] = caller.value[UNWIND_LR];
#else
  if (row->rules[UNWIND_PC] == UNWIND_SAME) {
    return UNWIND_STEP_UNKNOWN;
  }
#endif
  *returned = !row->signal_frame;
  *registers = caller;
  return caller.value[UNWIND_PC] == 0 ? UNWIND_STEP_OUTERMOST : UNWIND_STEPPED;
}
