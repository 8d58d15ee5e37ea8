/* The calling thread's own registers and stack, for the self-test at start. */
#ifndef PFAGENT_UNWIND_CAPTURE_H
#define PFAGENT_UNWIND_CAPTURE_H

#include "unwind_stack.h"

/*
 * Copies at most `most` bytes of the stack, from its pointer up, and the registers that a function
 * keeps for its caller. The pc is in the function that calls this one, as is the stack pointer.
 * False: not possible here.
 */
bool unwind_capture(struct unwind_registers *registers, struct unwind_stack *stack, uint8_t *bytes,
                    size_t most);

#endif
