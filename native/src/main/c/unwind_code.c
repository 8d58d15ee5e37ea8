#include "unwind_code.h"

#include <string.h>

enum { MOST_CODELETS = 2000, MOST_LOG2_SEGMENT = 16 };

static bool find_heap(struct unwind_code *code, struct unwind_memory *memory,
                      struct unwind_heap *heap) {
  const struct unwind_layout *layout = &code->layout;
  uint64_t space = unwind_at(heap->structure, layout->heap_memory);
  uint64_t map = unwind_at(heap->structure, layout->heap_segment_map);
  return unwind_read_u64(memory, unwind_at(space, layout->space_low), &heap->low) &&
         unwind_read_u64(memory, unwind_at(space, layout->space_high), &heap->high) &&
         unwind_read_u64(memory, unwind_at(map, layout->space_low), &heap->map) &&
         unwind_read_u64(memory, unwind_at(map, layout->space_high), &heap->map_high) &&
         unwind_read_u32(memory, unwind_at(heap->structure, layout->heap_log2_segment),
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
      !unwind_read_u32(memory, unwind_at(array, layout->array_length), &length) ||
      !unwind_read_u64(memory, unwind_at(array, layout->array_data), &data) || length == 0 ||
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
    if (!unwind_read_u32(memory, unwind_at(codelet, code->layout.codelet_size), &size) ||
        size == 0 || size > end - codelet) {
      return;
    }
    if (unwind_read_u64(memory, unwind_at(codelet, code->layout.codelet_description), &text) &&
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
      !unwind_read_u64(memory, unwind_at(queue, code->layout.queue_buffer),
                       &code->interpreter.low) ||
      !unwind_read_u32(memory, unwind_at(queue, code->layout.queue_limit), &bytes)) {
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
