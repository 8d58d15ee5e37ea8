/*
 * When a native function has no call frame information: the lowest word of the stack that returns
 * into Java and from which some steps lead on. Often right, sometimes the rest of an earlier call:
 * what it finds is always called a guess.
 */
#include "unwind_step.h"

enum { STEPS = 3, MOST_TRIALS = 64, MOST_FRAME_WORDS = 64 };

/* The frame pointer of an interpreted frame that was left by a call at `sp`. */
static bool guess_interpreted(const struct unwind_walker *walker, struct unwind_place *place,
                              int *trials) {
  uint64_t sp = place->registers.value[UNWIND_SP];
  for (uint64_t i = 1; i < MOST_FRAME_WORDS && *trials < MOST_TRIALS; i++) {
    place->registers.value[UNWIND_FP] = sp + i * UNWIND_WORD;
    ++*trials;
    if (unwind_try(walker, *place, STEPS)) {
      return true;
    }
  }
  return false;
}

bool unwind_guess(const struct unwind_walker *walker, uint64_t from, struct unwind_place *place) {
  struct unwind_jvm *jvm = walker->jvm;
  int trials = 0;
  uint64_t word;
  uint64_t at = (from + UNWIND_WORD - 1) & ~(uint64_t)(UNWIND_WORD - 1);
  for (; trials < MOST_TRIALS && unwind_stack_word(walker->stack, at, &word); at += UNWIND_WORD) {
    struct unwind_blob blob;
    enum unwind_return verdict = unwind_return_at(&jvm->code, &jvm->memory, word, &blob);
    unwind_return_to(place, word, at + UNWIND_WORD, 0);
    if (verdict == UNWIND_RETURN_COMPILED) {
      trials++;
      if (unwind_try(walker, *place, STEPS)) {
        return true;
      }
    } else if (verdict == UNWIND_RETURN_INTERPRETED && guess_interpreted(walker, place, &trials)) {
      return true;
    }
  }
  return false;
}
