/*
 * DWARF's encodings: numbers, pointers and expressions, read from memory that may vanish. Every
 * read is checked; after a failed one the cursor is `bad` and gives zeros.
 */
#ifndef PFAGENT_UNWIND_DWARF_H
#define PFAGENT_UNWIND_DWARF_H

#include <stdbool.h>
#include <stdint.h>

#include "unwind_memory.h"
#include "unwind_stack.h"

struct unwind_cursor {
  struct unwind_memory *memory;
  uint64_t at;
  uint64_t end;
  bool bad;
};

/* The pointer encodings of the Linux Standard Base, chapter 10.5. */
enum {
  UNWIND_POINTER_ABSOLUTE = 0x00,
  UNWIND_POINTER_SIGNED_4 = 0x0b,
  UNWIND_POINTER_FORMAT = 0x0f,
  UNWIND_POINTER_PC_RELATIVE = 0x10,
  UNWIND_POINTER_DATA_RELATIVE = 0x30,
  UNWIND_POINTER_BASE = 0x70,
  UNWIND_POINTER_OMITTED = 0xff,
};

uint64_t unwind_next(struct unwind_cursor *cursor, int bytes);
uint64_t unwind_next_unsigned(struct unwind_cursor *cursor); /* ULEB128 */
int64_t unwind_next_signed(struct unwind_cursor *cursor);    /* SLEB128 */

/* A pointer; one relative to data counts from `data`. */
uint64_t unwind_next_pointer(struct unwind_cursor *cursor, uint8_t encoding, uint64_t data);

/* Passes over a block that is preceded by its length, and gives the block's address. */
uint64_t unwind_skip_block(struct unwind_cursor *cursor);

/*
 * Evaluates the expression at an address, preceded by its length, on a stack that may begin with
 * a value (the canonical frame address, where the rule says so). False: it needs more than call
 * frame information ever does, or memory that isn't in the copy.
 */
bool unwind_evaluate(struct unwind_memory *memory, uint64_t block, const struct unwind_stack *stack,
                     const struct unwind_registers *registers, const uint64_t *initial,
                     uint64_t *result);

#endif
