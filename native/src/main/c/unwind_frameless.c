/*
 * Stubs that keep no frame of known size: copies, fills, checksums, adapters, vtable stubs,
 * barriers.
 *
 *       not begun, or without frame         after push rbp; mov rbp, rsp
 *
 *   sp  return address                  sp  what was saved since
 *                                           ...
 *                                       fp  the caller's frame pointer
 *                                     fp+8  return address
 *
 * Which of the two it is, is tried: the one is taken from which the walk can go on. Between the two
 * instructions, which the code itself tells, the frame pointer is on top.
 */
#include "unwind_step.h"

enum { MOST_FRAME_BYTES = 1024 };

/* The barrier at a method's entry keeps a word for another stack pointer above its frame. */
static const uint64_t KEPT_FOR_SP = UINT64_MAX;

static bool returns_to_java(struct unwind_walker *walker, uint64_t pc) {
  struct unwind_blob blob;
  struct unwind_jvm *jvm = walker->jvm;
  enum unwind_return verdict = unwind_leaf_return_at(&jvm->code, &jvm->memory, pc, &blob);
  return verdict != UNWIND_NOT_RETURN && verdict != UNWIND_RETURN_BARRIER;
}

static bool returns_to_native(struct unwind_walker *walker, uint64_t pc) {
  return unwind_module_at(&walker->jvm->modules, pc) != NULL;
}

/* The caller, if the stub's return address is on top of the stack. */
static bool without_frame(struct unwind_walker *walker, const struct unwind_place *place,
                          struct unwind_place *caller) {
  uint64_t pc;
  uint64_t sp = place->registers.value[UNWIND_SP];
  if (!unwind_stack_word(walker->stack, sp, &pc)) {
    return false;
  }
  *caller = *place;
  caller->registers.value[UNWIND_PC] = pc;
  caller->registers.value[UNWIND_SP] = sp + UNWIND_WORD;
  caller->returned = true;
  caller->blob_known = false;
  return true;
}

/* The caller, if the stub has saved the frame pointer and set its own. */
static bool with_frame_pointer(struct unwind_walker *walker, const struct unwind_place *place,
                               struct unwind_place *caller) {
  uint64_t pc;
  uint64_t saved;
  uint64_t sp = place->registers.value[UNWIND_SP];
  uint64_t fp = place->registers.value[UNWIND_FP];
  if (fp < sp || fp - sp > MOST_FRAME_BYTES || !unwind_stack_word(walker->stack, fp, &saved) ||
      !unwind_stack_word(walker->stack, fp + UNWIND_WORD, &pc)) {
    return false;
  }
  uint64_t caller_sp = fp + 2 * UNWIND_WORD;
  if (pc == KEPT_FOR_SP) {
    if (!unwind_stack_word(walker->stack, caller_sp, &pc)) {
      return false;
    }
    caller_sp += UNWIND_WORD;
  }
  *caller = *place;
  unwind_return_to(caller, pc, caller_sp, saved);
  return true;
}

#if defined(__x86_64__)
/* The caller, if the stub has just saved the frame pointer: mov rbp, rsp comes next. */
static bool after_push(struct unwind_walker *walker, const struct unwind_place *place,
                       struct unwind_place *caller) {
  uint8_t code[4];
  uint64_t pc;
  uint64_t saved;
  uint64_t sp = place->registers.value[UNWIND_SP];
  if (place->returned ||
      !unwind_read(&walker->jvm->memory, place->registers.value[UNWIND_PC] - 1, code,
                   sizeof code) ||
      memcmp(code, "\x55\x48\x8b\xec", sizeof code) != 0 ||
      !unwind_stack_word(walker->stack, sp, &saved) ||
      !unwind_stack_word(walker->stack, sp + UNWIND_WORD, &pc)) {
    return false;
  }
  *caller = *place;
  unwind_return_to(caller, pc, sp + 2 * UNWIND_WORD, saved);
  return true;
}
#else
static bool after_push(struct unwind_walker *walker, const struct unwind_place *place,
                       struct unwind_place *caller) {
  (void)walker, (void)place, (void)caller;
  return false;
}
#endif

static bool choose(struct unwind_walker *walker, struct unwind_place candidates[2],
                   const bool present[2], bool (*returns)(struct unwind_walker *, uint64_t),
                   struct unwind_place *place) {
  for (int i = 0; i < 2; i++) {
    if (present[i] && returns(walker, candidates[i].registers.value[UNWIND_PC]) &&
        unwind_try(walker, candidates[i], 1)) {
      *place = candidates[i];
      return true;
    }
  }
  return false;
}

bool unwind_step_frameless(struct unwind_walker *walker, struct unwind_place *place) {
  struct unwind_frame frame = {
      .kind = UNWIND_STUB_FRAME,
      .pc_kind = place->returned ? PC_RETURN : PC_CURRENT,
      .pc = place->registers.value[UNWIND_PC],
  };
  if (!unwind_record(walker, frame)) {
    return false;
  }
  /* A stub that called something else has made its frame before. */
  int framed = place->returned ? 0 : 1;
  struct unwind_place candidates[2];
  bool present[2];
  present[framed] = with_frame_pointer(walker, place, &candidates[framed]);
  present[1 - framed] = after_push(walker, place, &candidates[1 - framed]) ||
                        without_frame(walker, place, &candidates[1 - framed]);
  if (choose(walker, candidates, present, returns_to_java, place) ||
      choose(walker, candidates, present, returns_to_native, place)) {
    return true;
  }
  return unwind_end_with(walker, UNWIND_END_BAD_PC);
}
