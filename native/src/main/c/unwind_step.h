/* One step of a walk: from a frame to its caller. For unwind_walk.c and its like only. */
#ifndef PFAGENT_UNWIND_STEP_H
#define PFAGENT_UNWIND_STEP_H

#include "unwind_walk.h"

enum { UNWIND_WORD = 8 };

static inline uint64_t unwind_words_from(uint64_t address, int32_t words) {
  return address + (uint64_t)((int64_t)words * UNWIND_WORD);
}

/* A frame: where its code goes on, and what is known of its registers. */
struct unwind_place {
  struct unwind_registers registers;
  bool returned;   /* pc is a return address */
  bool blob_known; /* it was looked up when the return address was accepted */
  struct unwind_blob blob;
  bool registers_known; /* all of them, not only pc, sp and the frame pointer */
};

struct unwind_walker {
  struct unwind_jvm *jvm;
  const struct unwind_stack *stack;
  struct unwind_frame *frames; /* null: a trial, nothing is recorded */
  int most;
  struct unwind_result result;
};

/*
 * Records the frame at a place, if it is one, and moves on to its caller. False: the walk ends
 * here, walker->result.end says how.
 */
bool unwind_step(struct unwind_walker *walker, struct unwind_place *place);

/* Whether up to `steps` steps from a place stay plausible. */
bool unwind_try(const struct unwind_walker *walker, struct unwind_place place, int steps);

/* unwind_interpreted.c: the caller of interpreted code. */
bool unwind_step_interpreter(struct unwind_walker *walker, struct unwind_place *place);

/* unwind_frameless.c: the caller of code that has no frame of known size. */
bool unwind_step_frameless(struct unwind_walker *walker, struct unwind_place *place);

/* unwind_guess.c: searches the stack for a Java frame; false: none is plausible. */
bool unwind_guess(const struct unwind_walker *walker, uint64_t from, struct unwind_place *place);

static inline bool unwind_end_with(struct unwind_walker *walker, enum unwind_end end) {
  walker->result.end = end;
  return false;
}

/* Reads a word of the stack, or ends the walk: truncated above the copy, a bad pc elsewhere. */
static inline bool unwind_word_or_end(struct unwind_walker *walker, uint64_t address,
                                      uint64_t *word) {
  return unwind_stack_word(walker->stack, address, word) ||
         unwind_end_with(walker, unwind_stack_above(walker->stack, address) ? UNWIND_END_TRUNCATED
                                                                            : UNWIND_END_BAD_PC);
}

/* Accepts the caller that a frame of known layout names, if a call can return there. */
bool unwind_accept_return(struct unwind_walker *walker, struct unwind_place *place);

/* Whether there is room for one more frame; if so it is the caller's to fill. */
bool unwind_record(struct unwind_walker *walker, struct unwind_frame frame);

/* Sets what is known of a caller: no more than these three registers. */
static inline void unwind_return_to(struct unwind_place *place, uint64_t pc, uint64_t sp,
                                    uint64_t fp) {
  place->registers.value[UNWIND_PC] = pc;
  place->registers.value[UNWIND_SP] = sp;
  place->registers.value[UNWIND_FP] = fp;
  place->returned = true;
  place->blob_known = false;
  place->registers_known = false;
}

#endif
