#include "unwind_step.h"

bool unwind_record(struct unwind_walker *walker, struct unwind_frame frame) {
  if (walker->frames == NULL) {
    return true;
  }
  if (walker->result.count == walker->most) {
    return unwind_end_with(walker, UNWIND_END_TOO_DEEP);
  }
  walker->frames[walker->result.count++] = frame;
  return true;
}

bool unwind_accept_return(struct unwind_walker *walker, struct unwind_place *place) {
  struct unwind_jvm *jvm = walker->jvm;
  uint64_t pc = place->registers.value[UNWIND_PC];
  switch (unwind_return_at(&jvm->code, &jvm->memory, pc, &place->blob)) {
    case UNWIND_NOT_RETURN:
      return unwind_end_with(walker, UNWIND_END_BAD_PC);
    case UNWIND_RETURN_BARRIER:
      return unwind_end_with(walker, UNWIND_END_RETURN_BARRIER);
    case UNWIND_RETURN_COMPILED:
      place->blob_known = true;
      return true;
    default:
      return true;
  }
}

static bool step_native(struct unwind_walker *walker, struct unwind_place *place) {
  struct unwind_jvm *jvm = walker->jvm;
  struct unwind_frame frame = {
      .kind = UNWIND_NATIVE_FRAME,
      .pc_kind = place->returned ? PC_RETURN : PC_CURRENT,
      .pc = place->registers.value[UNWIND_PC],
  };
  if (!unwind_record(walker, frame)) {
    return false;
  }
  place->blob_known = false;
  switch (unwind_native_caller(&jvm->cfi, &jvm->modules, &jvm->memory, walker->stack,
                               &place->registers, &place->returned)) {
    case UNWIND_STEPPED:
      return true;
    case UNWIND_STEP_OUTERMOST:
      return unwind_end_with(walker, UNWIND_END_NO_JAVA_FRAME);
    case UNWIND_STEP_TRUNCATED:
      return unwind_end_with(walker, UNWIND_END_TRUNCATED);
    default:
      return unwind_end_with(walker, UNWIND_END_BAD_PC);
  }
}

/* Goes to the Java frame that an anchor on the stack names: the one below some C++ frames. */
static bool step_anchor(struct unwind_walker *walker, struct unwind_place *place, uint64_t anchor) {
  const struct unwind_layout *layout = &walker->jvm->code.layout;
  uint64_t sp, pc, fp;
  if (!unwind_word_or_end(walker, anchor + (uint64_t)layout->anchor_sp, &sp) ||
      !unwind_word_or_end(walker, anchor + (uint64_t)layout->anchor_pc, &pc) ||
      !unwind_word_or_end(walker, anchor + (uint64_t)layout->anchor_fp, &fp)) {
    return false;
  }
  if (sp == 0) {
    return unwind_end_with(walker, UNWIND_END_COMPLETE);
  }
  if (sp <= place->registers.value[UNWIND_SP]) {
    return unwind_end_with(walker, UNWIND_END_BAD_PC);
  }
  if (pc == 0 && !unwind_word_or_end(walker, sp - UNWIND_WORD, &pc)) {
    return false;
  }
  unwind_return_to(place, pc, sp, fp);
  return true;
}

static bool step_entry(struct unwind_walker *walker, struct unwind_place *place) {
  const struct unwind_layout *layout = &walker->jvm->code.layout;
  uint64_t wrapper;
  uint64_t fp = place->registers.value[UNWIND_FP];
  return unwind_word_or_end(walker, unwind_words_from(fp, layout->entry_wrapper), &wrapper) &&
         step_anchor(walker, place, wrapper + (uint64_t)layout->wrapper_anchor);
}

static bool step_upcall(struct unwind_walker *walker, struct unwind_place *place,
                        const struct unwind_blob *blob) {
  const struct unwind_layout *layout = &walker->jvm->code.layout;
  uint32_t offset;
  if (layout->upcall_frame_data < 0 || layout->frame_data_anchor < 0 ||
      !unwind_read_u32(&walker->jvm->memory, blob->address + (uint64_t)layout->upcall_frame_data,
                       &offset)) {
    return unwind_end_with(walker, UNWIND_END_BAD_PC);
  }
  uint64_t data = place->registers.value[UNWIND_SP] + offset;
  return step_anchor(walker, place, data + (uint64_t)layout->frame_data_anchor);
}

#if defined(__x86_64__)
/*
 * How far above sp the return address is, for code at the ends of a method where the frame is not
 * there: 0 or 1 words, or -1: the frame is there. HotSpot's own debug information says only where a
 * frame is complete; of the end, the instruction itself tells.
 */
static int words_to_return(struct unwind_walker *walker, const struct unwind_blob *blob,
                           uint64_t pc, uint64_t sp) {
  uint8_t code[7];
  uint64_t word;
  struct unwind_blob caller;
  struct unwind_jvm *jvm = walker->jvm;
  if (!unwind_read(&jvm->memory, pc, code, sizeof code)) {
    return -1;
  }
  enum { PUSH_AND_MOVE = 4 }; /* bytes by which a stub begins its frame; it tells no more of it */
  bool compiled = blob->kind <= UNWIND_BLOB_WRAPPER;
  int64_t unmade_bytes = compiled ? blob->frame_complete : PUSH_AND_MOVE;
  bool unmade = (int64_t)(pc - blob->code_begin) < unmade_bytes;
  bool ret = code[0] == 0xc3;
  bool pop_rbp = code[0] == 0x5d;
  bool poll = code[0] == 0x49 && code[1] == 0x3b && (code[2] == 0x67 || code[2] == 0xa7);
  bool poll_taken = code[0] == 0x0f && code[1] == 0x87 && code[6] == 0xc3;
  for (int i = 0; (unmade || ret || pop_rbp || poll || poll_taken) && i < 2; i++) {
    if (unwind_stack_word(walker->stack, sp + (uint64_t)i * UNWIND_WORD, &word) &&
        unwind_return_at(&jvm->code, &jvm->memory, word, &caller) != UNWIND_NOT_RETURN) {
      return i;
    }
  }
  return -1;
}
#else
static int words_to_return(struct unwind_walker *walker, const struct unwind_blob *blob,
                           uint64_t pc, uint64_t sp) {
  (void)walker, (void)blob, (void)pc, (void)sp;
  return -1;
}
#endif

/*
 * How many words code has pushed inside its frame: some of HotSpot's intrinsics keep a register
 * there for a while, as char_array_compress does with the length. Nothing records it; the return
 * address, which then lies so much higher, tells.
 */
static int pushed_words(struct unwind_walker *walker, const struct unwind_blob *blob,
                        const struct unwind_place *place) {
  enum { MOST_PUSHED = 4 };
  struct unwind_jvm *jvm = walker->jvm;
  for (int pushed = 0; pushed <= MOST_PUSHED; pushed++) {
    uint64_t above = unwind_words_from(place->registers.value[UNWIND_SP],
                                       blob->frame_words + pushed - 2);
    uint64_t fp, pc;
    struct unwind_blob caller;
    if (!unwind_stack_word(walker->stack, above, &fp) ||
        !unwind_stack_word(walker->stack, above + UNWIND_WORD, &pc)) {
      return 0;
    }
    if (unwind_return_at(&jvm->code, &jvm->memory, pc, &caller) == UNWIND_NOT_RETURN) {
      continue;
    }
    struct unwind_place next = *place;
    unwind_return_to(&next, pc, above + 2 * UNWIND_WORD, fp);
    if (pushed == 0 || unwind_try(walker, next, 2)) {
      return pushed;
    }
  }
  return 0;
}

/* A deoptimised frame's pc leads to the deoptimisation; its own one was put aside in the frame. */
static uint64_t own_pc(struct unwind_walker *walker, const struct unwind_blob *blob, uint64_t pc,
                       uint64_t sp) {
  struct unwind_jvm *jvm = walker->jvm;
  uint32_t offset;
  uint64_t original;
  if (unwind_is_deopt_handler(&jvm->code, &jvm->memory, blob, pc) &&
      unwind_read_u32(&jvm->memory, blob->address + (uint64_t)jvm->code.layout.nmethod_original_pc,
                      &offset) &&
      unwind_stack_word(walker->stack, sp + (uint64_t)(int64_t)(int32_t)offset, &original) &&
      original >= blob->code_begin && original < blob->code_end) {
    return original;
  }
  return pc;
}

/* Of what a leaf call returns to, HotSpot keeps no oop map. */
static enum pc_kind kind_of_pc(struct unwind_walker *walker, const struct unwind_place *place) {
  struct unwind_jvm *jvm = walker->jvm;
  uint64_t pc = place->registers.value[UNWIND_PC];
  struct unwind_blob blob;
  if (!place->returned) {
    return PC_CURRENT;
  }
  bool recorded = place->blob_known ||
                  unwind_return_at(&jvm->code, &jvm->memory, pc, &blob) != UNWIND_NOT_RETURN;
  return recorded ? PC_RETURN : PC_LEAF_RETURN;
}

static bool step_framed(struct unwind_walker *walker, struct unwind_place *place,
                        const struct unwind_blob *blob) {
  uint64_t pc = place->registers.value[UNWIND_PC];
  uint64_t sp = place->registers.value[UNWIND_SP];
  bool compiled = blob->kind <= UNWIND_BLOB_WRAPPER;
  struct unwind_frame frame = {
      .kind = compiled ? UNWIND_COMPILED_FRAME : UNWIND_STUB_FRAME,
      .pc_kind = kind_of_pc(walker, place),
      .pc = place->returned ? own_pc(walker, blob, pc, sp) : pc,
      .compile_id = compiled ? blob->compile_id : 0,
  };
  int above = place->returned ? -1 : words_to_return(walker, blob, pc, sp);
  int pushed = compiled && !place->returned && above < 0 ? pushed_words(walker, blob, place) : 0;
  uint64_t caller_sp = unwind_words_from(sp, above >= 0 ? above + 1 : blob->frame_words + pushed);
  uint64_t caller_pc;
  uint64_t caller_fp = place->registers.value[UNWIND_FP];
  if (!unwind_record(walker, frame) ||
      !unwind_word_or_end(walker, caller_sp - UNWIND_WORD, &caller_pc)) {
    return false;
  }
  if (above != 0 && !unwind_word_or_end(walker, caller_sp - 2 * UNWIND_WORD, &caller_fp)) {
    return false;
  }
  unwind_return_to(place, caller_pc, caller_sp, caller_fp);
  return unwind_accept_return(walker, place);
}

/*
 * Whether this is Continuation.enterSpecial, by which a carrier runs a virtual thread: its own
 * first frame. It has two calls, for interpreted and for compiled callees; the JVM tells of one.
 */
static bool enters_virtual_thread(struct unwind_walker *walker, const struct unwind_blob *blob) {
  struct unwind_jvm *jvm = walker->jvm;
  uint64_t enter;
  return jvm->code.layout.continuation_return_pc != 0 &&
         unwind_read_u64(&jvm->memory, jvm->code.layout.continuation_return_pc, &enter) &&
         enter >= blob->code_begin && enter < blob->code_end;
}

static bool step_blob(struct unwind_walker *walker, struct unwind_place *place) {
  struct unwind_blob blob = place->blob;
  struct unwind_jvm *jvm = walker->jvm;
  uint64_t pc = place->registers.value[UNWIND_PC];
  if (!place->blob_known && !unwind_find_blob(&jvm->code, &jvm->memory, pc, &blob)) {
    return unwind_end_with(walker, UNWIND_END_BAD_PC);
  }
  if (blob.kind == UNWIND_BLOB_UPCALL) {
    return step_upcall(walker, place, &blob);
  }
  bool compiled = blob.kind <= UNWIND_BLOB_WRAPPER;
  if (!compiled && blob.frame_words <= 1) {
    return unwind_step_frameless(walker, place);
  }
  if (compiled && walker->frames != NULL && walker->result.carrier_from < 0 &&
      enters_virtual_thread(walker, &blob)) {
    walker->result.carrier_from = walker->result.count;
  }
  return step_framed(walker, place, &blob);
}

bool unwind_step(struct unwind_walker *walker, struct unwind_place *place) {
  const struct unwind_code *code = &walker->jvm->code;
  uint64_t pc = place->registers.value[UNWIND_PC];
  if (!unwind_is_jvm_code(code, pc)) {
    return step_native(walker, place);
  }
  if (pc == code->call_stub_return) {
    return step_entry(walker, place);
  }
  if (unwind_is_interpreter(code, pc)) {
    return unwind_step_interpreter(walker, place);
  }
  return step_blob(walker, place);
}

bool unwind_try(const struct unwind_walker *walker, struct unwind_place place, int steps) {
  if (walker->frames == NULL) {
    return true; /* a trial within a trial: one look ahead is enough */
  }
  struct unwind_walker trial = *walker;
  trial.frames = NULL;
  for (int i = 0; i < steps; i++) {
    if (!unwind_step(&trial, &place)) {
      return trial.result.end != UNWIND_END_BAD_PC;
    }
  }
  return true;
}
