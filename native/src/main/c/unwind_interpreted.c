#include "unwind_step.h"

enum { MOST_LOCALS_BYTES = 65536 * UNWIND_WORD };

static const uint64_t LOWEST_METADATA = 1 << 16;
static const uint64_t HIGHEST_METADATA = UINT64_C(1) << 47;

/* The words of an interpreted frame that a walk needs. */
struct interpreted {
  uint64_t method;
  uint64_t bcp;
  uint64_t caller_pc;
  uint64_t caller_sp;
  uint64_t caller_fp;
};

static bool read_interpreted(struct unwind_walker *walker, const struct unwind_place *place,
                             struct interpreted *frame) {
  uint64_t fp = place->registers.value[UNWIND_FP];
  int32_t sender_sp = walker->jvm->code.layout.interpreter_sender_sp;
  if (fp < place->registers.value[UNWIND_SP]) {
    return unwind_end_with(walker, UNWIND_END_BAD_PC);
  }
  if (!unwind_word_or_end(walker, unwind_words_from(fp, UNWIND_INTERPRETER_METHOD),
                          &frame->method) ||
      !unwind_word_or_end(walker, unwind_words_from(fp, UNWIND_INTERPRETER_BCP), &frame->bcp) ||
      !unwind_word_or_end(walker, unwind_words_from(fp, sender_sp), &frame->caller_sp) ||
      !unwind_word_or_end(walker, fp, &frame->caller_fp) ||
      !unwind_word_or_end(walker, fp + UNWIND_WORD, &frame->caller_pc)) {
    return false;
  }
  /* A method handle's linker pops an argument: the caller's sp may be one word lower. */
  bool sound = (frame->method & 7) == 0 && frame->method >= LOWEST_METADATA &&
               frame->method < HIGHEST_METADATA && frame->caller_sp >= fp + UNWIND_WORD &&
               frame->caller_sp <= fp + 2 * UNWIND_WORD + MOST_LOCALS_BYTES;
  return sound || unwind_end_with(walker, UNWIND_END_BAD_PC);
}

static bool step_interpreted(struct unwind_walker *walker, struct unwind_place *place) {
  struct interpreted interpreted;
  if (!read_interpreted(walker, place, &interpreted)) {
    return false;
  }
  bool register_too = place->registers_known;
  uint64_t in_register = place->registers.value[UNWIND_BYTECODE_POINTER];
  struct unwind_frame frame = {
      .kind = UNWIND_INTERPRETED_FRAME,
      .pc_kind = place->returned ? PC_RETURN : PC_CURRENT,
      .pc = place->registers.value[UNWIND_PC],
      .method = interpreted.method,
      .bcp = {register_too ? in_register : interpreted.bcp, interpreted.bcp},
  };
  if (!unwind_record(walker, frame)) {
    return false;
  }
  unwind_return_to(place, interpreted.caller_pc, interpreted.caller_sp, interpreted.caller_fp);
  return unwind_accept_return(walker, place);
}

/*
 * The interpreter is entering a method, and the frame is not there yet: Method* and the caller's sp
 * are in registers, the return address is still on top of the stack or in a register too.
 */
static bool step_method_entry(struct unwind_walker *walker, struct unwind_place *place) {
  struct unwind_blob blob;
  struct unwind_jvm *jvm = walker->jvm;
  struct unwind_registers *registers = &place->registers;
  uint64_t method = registers->value[UNWIND_ENTERED_METHOD];
  uint64_t sp = registers->value[UNWIND_SP];
  uint64_t caller_sp = registers->value[UNWIND_ENTERED_SENDER_SP];
  uint64_t pc;
  if (method < LOWEST_METADATA || method >= HIGHEST_METADATA || (method & 7) != 0) {
    return false;
  }
  if (!unwind_stack_word(walker->stack, sp, &pc) ||
      unwind_return_at(&jvm->code, &jvm->memory, pc, &blob) == UNWIND_NOT_RETURN) {
    pc = registers->value[UNWIND_ENTERED_RETURN];
    if (unwind_return_at(&jvm->code, &jvm->memory, pc, &blob) == UNWIND_NOT_RETURN) {
      return false;
    }
  }
  if (caller_sp < sp || caller_sp > sp + MOST_LOCALS_BYTES || (caller_sp & 7) != 0) {
    return false;
  }
  struct unwind_place caller = *place;
  unwind_return_to(&caller, pc, caller_sp, registers->value[UNWIND_FP]);
  struct unwind_frame frame = {
      .kind = UNWIND_INTERPRETED_FRAME, .pc = registers->value[UNWIND_PC], .method = method};
  if (!unwind_try(walker, caller, 1) || !unwind_record(walker, frame)) {
    return false;
  }
  *place = caller;
  return true;
}

bool unwind_step_interpreter(struct unwind_walker *walker, struct unwind_place *place) {
  uint64_t pc = place->registers.value[UNWIND_PC];
  if (!place->returned && unwind_is_method_entry(&walker->jvm->code, pc)) {
    uint64_t fp = place->registers.value[UNWIND_FP];
    uint64_t framed;
    bool entered = unwind_stack_word(walker->stack,
                                     unwind_words_from(fp, UNWIND_INTERPRETER_METHOD), &framed) &&
                   framed == place->registers.value[UNWIND_ENTERED_METHOD];
    if (!entered && step_method_entry(walker, place)) {
      return true;
    }
  }
  struct interpreted ignored;
  if (!place->returned && !read_interpreted(walker, place, &ignored) &&
      walker->result.end == UNWIND_END_BAD_PC) {
    return unwind_step_frameless(walker, place);
  }
  return step_interpreted(walker, place);
}
