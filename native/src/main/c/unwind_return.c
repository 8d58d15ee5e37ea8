#include "unwind_code.h"

enum { MOST_OOP_MAPS = 1 << 20 };

bool unwind_is_deopt_handler(struct unwind_code *code, struct unwind_memory *memory,
                             const struct unwind_blob *blob, uint64_t pc) {
  const struct unwind_layout *layout = &code->layout;
  if (blob->kind != UNWIND_BLOB_JAVA) {
    return false;
  }
  const int32_t pointers[] = {layout->nmethod_deopt, layout->nmethod_deopt_mh};
  const int32_t offsets[] = {layout->nmethod_deopt_offset, layout->nmethod_deopt_mh_offset};
  for (int i = 0; i < 2; i++) {
    uint64_t handler;
    uint32_t offset;
    if (pointers[i] >= 0 &&
        unwind_read_u64(memory, unwind_at(blob->address, pointers[i]), &handler) && pc == handler) {
      return true;
    }
    if (offsets[i] >= 0 && unwind_read_u32(memory, unwind_at(blob->address, offsets[i]), &offset) &&
        pc == unwind_at(blob->address, (int32_t)offset)) {
      return true;
    }
  }
  return false;
}

/* Whether an oop map is recorded for a pc; the records are sorted by it. */
static bool has_oop_map(struct unwind_code *code, struct unwind_memory *memory,
                        const struct unwind_blob *blob, uint64_t pc) {
  const struct unwind_layout *layout = &code->layout;
  uint64_t maps;
  uint32_t count;
  if (!unwind_read_u64(memory, unwind_at(blob->address, layout->blob_oop_maps), &maps) ||
      maps == 0 || !unwind_read_u32(memory, unwind_at(maps, layout->oop_maps_count), &count) ||
      count > MOST_OOP_MAPS) {
    return false;
  }
  uint64_t pairs = unwind_at(maps, layout->oop_maps_bytes);
  uint32_t low = 0;
  uint32_t high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint64_t pair = pairs + (uint64_t)middle * (uint64_t)layout->pair_bytes;
    uint32_t offset;
    if (!unwind_read_u32(memory, unwind_at(pair, layout->pair_pc_offset), &offset)) {
      return false;
    }
    if (blob->code_begin + offset == pc) {
      return true;
    }
    if (blob->code_begin + offset < pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

#if defined(__x86_64__)
/* Whether the bytes before a pc can be a call: e8 rel32; ff /2 with its forms of operand. */
static bool call_before(struct unwind_memory *memory, uint64_t pc) {
  uint8_t code[8]; /* code[8 - n]: n bytes before pc */
  if (!unwind_read(memory, pc - sizeof code, code, sizeof code)) {
    return false;
  }
  bool near = code[3] == 0xe8;
  bool by_register = code[6] == 0xff && (code[7] & 0xf8) == 0xd0;
  bool by_byte_offset = code[5] == 0xff && (code[6] & 0xf8) == 0x50;
  bool by_offset = code[2] == 0xff && ((code[3] & 0xf8) == 0x90 || code[3] == 0x15);
  return near || by_register || by_byte_offset || by_offset;
}
#else
/* bl imm26; blr Xn. */
static bool call_before(struct unwind_memory *memory, uint64_t pc) {
  uint32_t code;
  return unwind_read_u32(memory, pc - sizeof code, &code) &&
         ((code & 0xfc000000) == 0x94000000 || (code & 0xfffffc1f) == 0xd63f0000);
}
#endif

static enum unwind_return compiled_return(struct unwind_code *code, struct unwind_memory *memory,
                                          uint64_t pc, const struct unwind_blob *blob) {
  if (blob->kind == UNWIND_BLOB_UPCALL) {
    return UNWIND_RETURN_UPCALL;
  }
  if (blob->kind == UNWIND_BLOB_ROUTINES && code->layout.continuation_return_pc != 0) {
    return UNWIND_RETURN_BARRIER; /* no other of them calls Java, but the call stub */
  }
  if (blob->frame_words == 0) {
    return UNWIND_NOT_RETURN;
  }
  bool known = unwind_is_deopt_handler(code, memory, blob, pc) ||
               has_oop_map(code, memory, blob, pc) ||
               (blob->kind == UNWIND_BLOB_WRAPPER && call_before(memory, pc));
  return known ? UNWIND_RETURN_COMPILED : UNWIND_NOT_RETURN;
}

/* Whether what was found for a pc still holds: the same blob, and the same compilation. */
static bool still_holds(struct unwind_code *code, struct unwind_memory *memory,
                        const struct unwind_blob *blob) {
  uint8_t used;
  uint32_t compile_id;
  uint64_t block = blob->address - (uint64_t)code->layout.block_bytes;
  return unwind_read_u8(memory, unwind_at(block, code->layout.block_used), &used) && used != 0 &&
         unwind_read_u32(memory, unwind_at(blob->address, code->layout.nmethod_compile_id),
                         &compile_id) &&
         (int32_t)compile_id == blob->compile_id;
}

enum unwind_return unwind_return_at(struct unwind_code *code, struct unwind_memory *memory,
                                    uint64_t pc, struct unwind_blob *blob) {
  if (!unwind_is_jvm_code(code, pc)) {
    return UNWIND_NOT_RETURN;
  }
  if (pc == code->call_stub_return) {
    return UNWIND_RETURN_ENTRY;
  }
  if (unwind_is_interpreter(code, pc)) {
    return UNWIND_RETURN_INTERPRETED;
  }
  struct unwind_return_entry *entry =
      &code->returns[(pc * 0x9e3779b97f4a7c15) >> 32 & (UNWIND_RETURNS - 1)];
  if (entry->pc == pc && still_holds(code, memory, &entry->blob)) {
    *blob = entry->blob;
    return entry->verdict;
  }
  if (!unwind_find_blob(code, memory, pc, blob)) {
    /* Code may be freed after it was sampled: if nothing else lies there, what was known holds. */
    *blob = entry->blob;
    blob->compile_id = UNWIND_GONE;
    return entry->pc == pc && unwind_is_code_free(code, memory, pc) ? entry->verdict
                                                                    : UNWIND_NOT_RETURN;
  }
  enum unwind_return verdict = compiled_return(code, memory, pc, blob);
  if (verdict == UNWIND_RETURN_COMPILED && blob->kind <= UNWIND_BLOB_WRAPPER) {
    *entry = (struct unwind_return_entry){pc, *blob, verdict};
  }
  return verdict;
}

enum unwind_return unwind_leaf_return_at(struct unwind_code *code, struct unwind_memory *memory,
                                         uint64_t pc, struct unwind_blob *blob) {
  enum unwind_return verdict = unwind_return_at(code, memory, pc, blob);
  if (verdict == UNWIND_NOT_RETURN && unwind_is_jvm_code(code, pc) &&
      unwind_find_blob(code, memory, pc, blob) && blob->frame_words > 0 &&
      call_before(memory, pc)) {
    return UNWIND_RETURN_COMPILED;
  }
  return verdict;
}
