/*
 * A thread's registers and the part of its stack that the kernel copied with them: all that a walk
 * knows of the thread. The bytes may lie in the perf ring at any alignment.
 */
#ifndef PFAGENT_UNWIND_STACK_H
#define PFAGENT_UNWIND_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unwind_arch.h"

struct unwind_registers {
  uint64_t value[UNWIND_REGISTERS];
};

struct unwind_stack {
  uint64_t low; /* the address that bytes[0] had: the stack pointer */
  uint64_t size;
  const uint8_t *bytes;
};

/* Whether an address lies above the copy, where the thread's stack went on. */
static inline bool unwind_stack_above(const struct unwind_stack *stack, uint64_t address) {
  return address >= stack->low && (stack->size < 8 || address - stack->low > stack->size - 8);
}

/* Reads a word; false if it is not wholly in the copy, or not aligned as stack slots are. */
static inline bool unwind_stack_word(const struct unwind_stack *stack, uint64_t address,
                                     uint64_t *word) {
  if ((address & 7) != 0 || address < stack->low || unwind_stack_above(stack, address)) {
    return false;
  }
  memcpy(word, stack->bytes + (address - stack->low), sizeof *word);
  return true;
}

#endif
