/*
 * How a native function's caller is found: the call frame information that compilers leave in
 * .eh_frame (DWARF 5, section 6.4; Linux Standard Base, chapter 10.6). Rows are kept per pc.
 */
#ifndef PFAGENT_UNWIND_CFI_H
#define PFAGENT_UNWIND_CFI_H

#include <stdbool.h>
#include <stdint.h>

#include "unwind_memory.h"
#include "unwind_modules.h"
#include "unwind_stack.h"

enum unwind_rule {
  UNWIND_SAME,       /* the callee did not change it */
  UNWIND_SAVED,      /* at the canonical frame address + value */
  UNWIND_EXPRESSION, /* at the address that the expression at `value` gives */
  UNWIND_VALUE,      /* it is the canonical frame address + value */
  UNWIND_UNDEFINED,  /* lost; as the return address: no caller */
};

/* What holds at one pc. */
struct unwind_row {
  uint64_t pc;
  bool known;
  bool signal_frame; /* the caller was interrupted: its pc is not behind a call */
  uint8_t cfa_register;
  bool cfa_is_expression;
  int64_t cfa_value; /* an offset, or the address of the expression */
  uint8_t rules[UNWIND_REGISTERS];
  int64_t values[UNWIND_REGISTERS];
};

enum { UNWIND_ROWS = 1024 };

struct unwind_cfi {
  struct unwind_row rows[UNWIND_ROWS];
};

void unwind_cfi_forget(struct unwind_cfi *cfi);

enum unwind_native_step {
  UNWIND_STEPPED,
  UNWIND_STEP_OUTERMOST, /* there is no caller */
  UNWIND_STEP_TRUNCATED, /* the copy of the stack ends here */
  UNWIND_STEP_UNKNOWN,   /* no information, or none that makes sense */
};

/* Turns a function's registers into its caller's. `returned`: pc is a return address. */
enum unwind_native_step unwind_native_caller(struct unwind_cfi *cfi, struct unwind_modules *modules,
                                             struct unwind_memory *memory,
                                             const struct unwind_stack *stack,
                                             struct unwind_registers *registers, bool *returned);

#endif
