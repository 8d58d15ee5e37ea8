#include "unwind_code.h"

#include <string.h>

enum {
  MOST_CODELETS = 2000,
  MOST_HOPS = 100000,
  MOST_FRAME_WORDS = 1 << 20,
  MOST_OOP_MAPS = 1 << 20,
  NAME_BYTES = 64,
  FREE_SEGMENT = 0xff,
  MOST_LOG2_SEGMENT = 16,
};

static uint64_t at(uint64_t object, int32_t offset) {
  return object + (uint64_t)(int64_t)offset;
}

static bool find_heap(struct unwind_code *code, struct unwind_memory *memory,
                      struct unwind_heap *heap) {
  const struct unwind_layout *layout = &code->layout;
  uint64_t space = at(heap->structure, layout->heap_memory);
  uint64_t map = at(heap->structure, layout->heap_segment_map);
  return unwind_read_u64(memory, at(space, layout->space_low), &heap->low) &&
         unwind_read_u64(memory, at(space, layout->space_high), &heap->high) &&
         unwind_read_u64(memory, at(map, layout->space_low), &heap->map) &&
         unwind_read_u64(memory, at(map, layout->space_high), &heap->map_high) &&
         unwind_read_u32(memory, at(heap->structure, layout->heap_log2_segment),
                         &heap->log2_segment) &&
         heap->low < heap->high && heap->map < heap->map_high &&
         heap->log2_segment <= MOST_LOG2_SEGMENT;
}

static void span_heaps(struct unwind_code *code) {
  code->low = UINT64_MAX;
  code->high = 0;
  for (int i = 0; i < code->heap_count; i++) {
    const struct unwind_heap *heap = &code->heaps[i];
    code->low = heap->low < code->low ? heap->low : code->low;
    code->high = heap->high > code->high ? heap->high : code->high;
  }
}

static bool find_heaps(struct unwind_code *code, struct unwind_memory *memory) {
  const struct unwind_layout *layout = &code->layout;
  uint64_t array;
  uint64_t data;
  uint32_t length;
  if (!unwind_read_u64(memory, layout->code_heaps, &array) ||
      !unwind_read_u32(memory, at(array, layout->array_length), &length) ||
      !unwind_read_u64(memory, at(array, layout->array_data), &data) || length == 0 ||
      length > UNWIND_HEAPS) {
    return false;
  }
  for (uint32_t i = 0; i < length; i++) {
    struct unwind_heap *heap = &code->heaps[i];
    if (!unwind_read_u64(memory, data + 8 * i, &heap->structure) ||
        !find_heap(code, memory, heap)) {
      return false;
    }
  }
  code->heap_count = (int)length;
  span_heaps(code);
  return true;
}

/* Learns which codelets of the interpreter are entries of methods, by their descriptions. */
static void find_method_entries(struct unwind_code *code, struct unwind_memory *memory,
                                uint64_t codelet, uint64_t end) {
  static const char ENTRY[] = "method entry point";
  for (int i = 0; i < MOST_CODELETS && codelet < end; i++) {
    uint32_t size;
    uint64_t text;
    char description[sizeof ENTRY - 1];
    if (!unwind_read_u32(memory, at(codelet, code->layout.codelet_size), &size) || size == 0 ||
        size > end - codelet) {
      return;
    }
    if (unwind_read_u64(memory, at(codelet, code->layout.codelet_description), &text) &&
        unwind_read(memory, text, description, sizeof description) &&
        memcmp(description, ENTRY, sizeof description) == 0 &&
        code->method_entry_count < UNWIND_ENTRY_CODELETS) {
      code->method_entries[code->method_entry_count++] =
          (struct unwind_range){codelet, codelet + size};
    }
    codelet += size;
  }
}

static bool find_interpreter(struct unwind_code *code, struct unwind_memory *memory) {
  uint64_t queue;
  uint32_t bytes;
  if (!unwind_read_u64(memory, code->layout.interpreter, &queue) ||
      !unwind_read_u64(memory, at(queue, code->layout.queue_buffer), &code->interpreter.low) ||
      !unwind_read_u32(memory, at(queue, code->layout.queue_limit), &bytes)) {
    return false;
  }
  code->interpreter.high = code->interpreter.low + bytes;
  find_method_entries(code, memory, code->interpreter.low, code->interpreter.high);
  return unwind_is_jvm_code(code, code->interpreter.low) && code->method_entry_count > 0;
}

bool unwind_code_init(struct unwind_code *code, struct unwind_memory *memory,
                      const struct unwind_layout *layout) {
  memset(code, 0, sizeof *code);
  code->layout = *layout;
  return find_heaps(code, memory) &&
         unwind_read_u64(memory, layout->call_stub_return, &code->call_stub_return) &&
         unwind_is_jvm_code(code, code->call_stub_return) && find_interpreter(code, memory);
}

void unwind_code_refresh(struct unwind_code *code, struct unwind_memory *memory) {
  for (int i = 0; i < code->heap_count; i++) {
    struct unwind_heap heap = code->heaps[i];
    if (find_heap(code, memory, &heap) && heap.high > code->heaps[i].high) {
      code->heaps[i] = heap;
    }
  }
  span_heaps(code);
}

bool unwind_is_method_entry(const struct unwind_code *code, uint64_t pc) {
  for (int i = 0; i < code->method_entry_count; i++) {
    if (pc >= code->method_entries[i].low && pc < code->method_entries[i].high) {
      return true;
    }
  }
  return false;
}

static enum unwind_blob_kind kind_of(const char *name) {
  if (strcmp(name, "nmethod") == 0) {
    return UNWIND_BLOB_JAVA;
  }
  if (strcmp(name, "native nmethod") == 0) {
    return UNWIND_BLOB_WRAPPER;
  }
  if (strstr(name, "StubRoutines") != NULL || strstr(name, "Stub Generator") != NULL) {
    return UNWIND_BLOB_ROUTINES;
  }
  return UNWIND_BLOB_OTHER;
}

static enum unwind_blob_kind named_kind(struct unwind_code *code, struct unwind_memory *memory,
                                        uint64_t name) {
  for (int i = 0; i < code->name_count; i++) {
    if (code->names[i].address == name) {
      return code->names[i].kind;
    }
  }
  char text[NAME_BYTES];
  if (!unwind_read_string(memory, name, text, sizeof text)) {
    return UNWIND_BLOB_OTHER;
  }
  enum unwind_blob_kind kind = kind_of(text);
  /* Other names are many, and some are freed with their blob. */
  if (kind != UNWIND_BLOB_OTHER && code->name_count < UNWIND_NAMES) {
    code->names[code->name_count++] = (struct unwind_name){name, kind};
  }
  return kind;
}

static bool read_kind(struct unwind_code *code, struct unwind_memory *memory,
                      struct unwind_blob *blob) {
  enum { UPCALL_KIND = 11 }; /* CodeBlobKind::Upcall, src/hotspot/share/code/codeBlob.hpp */
  uint8_t declared;
  uint64_t name;
  if (!unwind_read_u64(memory, at(blob->address, code->layout.blob_name), &name)) {
    return false;
  }
  blob->kind = named_kind(code, memory, name);
  if (blob->kind == UNWIND_BLOB_OTHER && code->layout.blob_kind >= 0 &&
      unwind_read_u8(memory, at(blob->address, code->layout.blob_kind), &declared) &&
      declared == UPCALL_KIND) {
    blob->kind = UNWIND_BLOB_UPCALL;
  }
  return true;
}

static bool read_code_bounds(const struct unwind_layout *layout, struct unwind_memory *memory,
                             struct unwind_blob *blob) {
  if (layout->blob_code_begin >= 0) {
    return unwind_read_u64(memory, at(blob->address, layout->blob_code_begin), &blob->code_begin) &&
           unwind_read_u64(memory, at(blob->address, layout->blob_code_end), &blob->code_end);
  }
  uint32_t begin;
  uint32_t end;
  if (!unwind_read_u32(memory, at(blob->address, layout->blob_code_offset), &begin) ||
      !unwind_read_u32(memory, at(blob->address, layout->blob_data_offset), &end)) {
    return false;
  }
  blob->code_begin = at(blob->address, (int32_t)begin);
  blob->code_end = at(blob->address, (int32_t)end);
  return true;
}

static bool read_frame_complete(const struct unwind_layout *layout, struct unwind_memory *memory,
                                struct unwind_blob *blob) {
  uint64_t address = at(blob->address, layout->blob_frame_complete);
  uint16_t narrow;
  uint32_t wide;
  if (layout->blob_frame_complete_bytes == sizeof narrow) {
    bool read = unwind_read_u16(memory, address, &narrow);
    blob->frame_complete = (int16_t)narrow;
    return read;
  }
  bool read = unwind_read_u32(memory, address, &wide);
  blob->frame_complete = (int32_t)wide;
  return read;
}

static bool read_blob(struct unwind_code *code, struct unwind_memory *memory,
                      struct unwind_blob *blob) {
  const struct unwind_layout *layout = &code->layout;
  uint32_t frame_words;
  uint32_t compile_id = 0;
  if (!read_code_bounds(layout, memory, blob) || !read_frame_complete(layout, memory, blob) ||
      !unwind_read_u32(memory, at(blob->address, layout->blob_frame_size), &frame_words) ||
      !read_kind(code, memory, blob)) {
    return false;
  }
  blob->frame_words = (int32_t)frame_words;
  if (blob->kind <= UNWIND_BLOB_WRAPPER &&
      !unwind_read_u32(memory, at(blob->address, layout->nmethod_compile_id), &compile_id)) {
    return false;
  }
  blob->compile_id = (int32_t)compile_id;
  return blob->frame_words >= 0 && blob->frame_words < MOST_FRAME_WORDS;
}

static const struct unwind_heap *heap_with(const struct unwind_code *code, uint64_t pc) {
  for (int i = 0; i < code->heap_count; i++) {
    if (pc >= code->heaps[i].low && pc < code->heaps[i].high) {
      return &code->heaps[i];
    }
  }
  return NULL;
}

/* The block with a pc: the segment map says, hop by hop, how far back it begins. */
static uint64_t block_with(const struct unwind_code *code, struct unwind_memory *memory,
                           uint64_t pc) {
  const struct unwind_heap *heap = heap_with(code, pc);
  if (heap == NULL) {
    return 0;
  }
  uint64_t segment = (pc - heap->low) >> heap->log2_segment;
  for (int hops = 0; hops < MOST_HOPS; hops++) {
    uint8_t back;
    uint64_t address = heap->map + segment;
    if (address >= heap->map_high || !unwind_read_u8(memory, address, &back) ||
        back == FREE_SEGMENT || back > segment) {
      return 0;
    }
    if (back == 0) {
      return heap->low + (segment << heap->log2_segment);
    }
    segment -= back;
  }
  return 0;
}

/* Whether no code lies at a pc, at the moment. */
static bool is_free(const struct unwind_code *code, struct unwind_memory *memory, uint64_t pc) {
  uint8_t used;
  uint64_t block = block_with(code, memory, pc);
  return block == 0 || !unwind_read_u8(memory, at(block, code->layout.block_used), &used) ||
         used == 0;
}

bool unwind_find_blob(struct unwind_code *code, struct unwind_memory *memory, uint64_t pc,
                      struct unwind_blob *blob) {
  uint8_t used;
  uint64_t block = block_with(code, memory, pc);
  if (block == 0 || !unwind_read_u8(memory, at(block, code->layout.block_used), &used) ||
      used == 0) {
    return false;
  }
  blob->address = at(block, code->layout.block_bytes);
  return read_blob(code, memory, blob) && pc >= blob->code_begin && pc < blob->code_end;
}

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
    if (pointers[i] >= 0 && unwind_read_u64(memory, at(blob->address, pointers[i]), &handler) &&
        pc == handler) {
      return true;
    }
    if (offsets[i] >= 0 && unwind_read_u32(memory, at(blob->address, offsets[i]), &offset) &&
        pc == at(blob->address, (int32_t)offset)) {
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
  if (!unwind_read_u64(memory, at(blob->address, layout->blob_oop_maps), &maps) || maps == 0 ||
      !unwind_read_u32(memory, at(maps, layout->oop_maps_count), &count) || count > MOST_OOP_MAPS) {
    return false;
  }
  uint64_t pairs = at(maps, layout->oop_maps_bytes);
  uint32_t low = 0;
  uint32_t high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint64_t pair = pairs + (uint64_t)middle * (uint64_t)layout->pair_bytes;
    uint32_t offset;
    if (!unwind_read_u32(memory, at(pair, layout->pair_pc_offset), &offset)) {
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
  return unwind_read_u8(memory, at(block, code->layout.block_used), &used) && used != 0 &&
         unwind_read_u32(memory, at(blob->address, code->layout.nmethod_compile_id), &compile_id) &&
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
    return entry->pc == pc && is_free(code, memory, pc) ? entry->verdict : UNWIND_NOT_RETURN;
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
