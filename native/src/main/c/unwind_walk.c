#include "unwind_walk.h"

#include "unwind_step.h"

/* Steps until the walk ends; the stack pointer rises, so it does end. */
static void run(struct unwind_walker *walker, struct unwind_place *place) {
  bool first = true;
  for (;;) {
    uint64_t sp = place->registers.value[UNWIND_SP];
    if (!unwind_step(walker, place)) {
      return;
    }
    uint64_t caller_sp = place->registers.value[UNWIND_SP];
    if (caller_sp < sp || (caller_sp == sp && !first)) {
      walker->result.end = UNWIND_END_BAD_PC;
      return;
    }
    first = false;
  }
}

static bool has_java_frame(const struct unwind_walker *walker) {
  for (int i = 0; i < walker->result.count; i++) {
    if (walker->frames[i].kind != UNWIND_NATIVE_FRAME) {
      return true;
    }
  }
  return false;
}

struct unwind_result unwind_walk(struct unwind_jvm *jvm, const struct unwind_registers *registers,
                                 const struct unwind_stack *stack, struct unwind_frame *frames,
                                 int most) {
  struct unwind_walker walker = {.jvm = jvm,
                                 .stack = stack,
                                 .frames = frames,
                                 .most = most,
                                 .result = {0, -1, UNWIND_END_BAD_PC}};
  struct unwind_place place = {.registers = *registers, .registers_known = true};
  run(&walker, &place);
  if (walker.result.end == UNWIND_END_BAD_PC && !has_java_frame(&walker) &&
      unwind_guess(&walker, registers->value[UNWIND_SP], &place)) {
    walker.result.count = 0; /* a guess is not joined to what is known */
    run(&walker, &place);
    walker.result.end = UNWIND_END_GUESSED;
  }
  if (walker.result.carrier_from < 0) {
    walker.result.carrier_from = walker.result.count;
  }
  return walker.result;
}
