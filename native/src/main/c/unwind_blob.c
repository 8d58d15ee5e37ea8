#include "unwind_code.h"

#include <string.h>

enum { MOST_HOPS = 100000, MOST_FRAME_WORDS = 1 << 20, NAME_BYTES = 64, FREE_SEGMENT = 0xff };

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
  if (!unwind_read_u64(memory, unwind_at(blob->address, code->layout.blob_name), &name)) {
    return false;
  }
  blob->kind = named_kind(code, memory, name);
  if (blob->kind == UNWIND_BLOB_OTHER && code->layout.blob_kind >= 0 &&
      unwind_read_u8(memory, unwind_at(blob->address, code->layout.blob_kind), &declared) &&
      declared == UPCALL_KIND) {
    blob->kind = UNWIND_BLOB_UPCALL;
  }
  return true;
}

static bool read_code_bounds(const struct unwind_layout *layout, struct unwind_memory *memory,
                             struct unwind_blob *blob) {
  if (layout->blob_code_begin >= 0) {
    return unwind_read_u64(memory, unwind_at(blob->address, layout->blob_code_begin),
                           &blob->code_begin) &&
           unwind_read_u64(memory, unwind_at(blob->address, layout->blob_code_end),
                           &blob->code_end);
  }
  uint32_t begin;
  uint32_t end;
  if (!unwind_read_u32(memory, unwind_at(blob->address, layout->blob_code_offset), &begin) ||
      !unwind_read_u32(memory, unwind_at(blob->address, layout->blob_data_offset), &end)) {
    return false;
  }
  blob->code_begin = unwind_at(blob->address, (int32_t)begin);
  blob->code_end = unwind_at(blob->address, (int32_t)end);
  return true;
}

static bool read_frame_complete(const struct unwind_layout *layout, struct unwind_memory *memory,
                                struct unwind_blob *blob) {
  uint64_t address = unwind_at(blob->address, layout->blob_frame_complete);
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
      !unwind_read_u32(memory, unwind_at(blob->address, layout->blob_frame_size), &frame_words) ||
      !read_kind(code, memory, blob)) {
    return false;
  }
  enum { NO_FIXED_SIZE = -1 }; /* of some stubs that C1 calls, c1_Runtime1.cpp */
  blob->frame_words = (int32_t)frame_words == NO_FIXED_SIZE ? 0 : (int32_t)frame_words;
  if (blob->kind <= UNWIND_BLOB_WRAPPER &&
      !unwind_read_u32(memory, unwind_at(blob->address, layout->nmethod_compile_id), &compile_id)) {
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

bool unwind_is_code_free(const struct unwind_code *code, struct unwind_memory *memory,
                         uint64_t pc) {
  uint8_t used;
  uint64_t block = block_with(code, memory, pc);
  return block == 0 || !unwind_read_u8(memory, unwind_at(block, code->layout.block_used), &used) ||
         used == 0;
}

bool unwind_find_blob(struct unwind_code *code, struct unwind_memory *memory, uint64_t pc,
                      struct unwind_blob *blob) {
  uint8_t used;
  uint64_t block = block_with(code, memory, pc);
  if (block == 0 || !unwind_read_u8(memory, unwind_at(block, code->layout.block_used), &used) ||
      used == 0) {
    return false;
  }
  blob->address = unwind_at(block, code->layout.block_bytes);
  return read_blob(code, memory, blob) && pc >= blob->code_begin && pc < blob->code_end;
}
