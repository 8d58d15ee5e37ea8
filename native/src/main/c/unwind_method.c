#include "unwind_method.h"

#include <string.h>

enum { MOST_POOL_ENTRIES = 65536, MOST_LINES = 65536, ENTRY_BYTES = 8 };

static bool read_symbol(const struct unwind_layout *layout, struct unwind_memory *memory,
                        uint64_t symbol, char text[UNWIND_NAME_BYTES]) {
  uint16_t length;
  if (symbol == 0 || (symbol & 7) != 0 ||
      !unwind_read_u16(memory, unwind_at(symbol, layout->symbol_length), &length) || length == 0 ||
      length >= UNWIND_NAME_BYTES ||
      !unwind_read(memory, unwind_at(symbol, layout->symbol_body), text, length)) {
    return false;
  }
  for (uint16_t i = 0; i < length; i++) {
    if ((unsigned char)text[i] < ' ') {
      return false;
    }
  }
  text[length] = '\0';
  return true;
}

struct pool {
  uint64_t entries;
  uint32_t length;
};

static bool read_entry(const struct unwind_layout *layout, struct unwind_memory *memory,
                       const struct pool *pool, uint16_t index, char text[UNWIND_NAME_BYTES]) {
  uint64_t symbol;
  return index > 0 && index < pool->length &&
         unwind_read_u64(memory, pool->entries + (uint64_t)index * ENTRY_BYTES, &symbol) &&
         read_symbol(layout, memory, symbol, text);
}

/* Of a hidden class, HotSpot writes Name+0x0123 and JVMTI LName.0x0123; */
static void to_signature(char signature[UNWIND_NAME_BYTES + 2]) {
  size_t length = strlen(signature);
  char *suffix = strrchr(signature, '+');
  if (suffix != NULL && strncmp(suffix, "+0x", 3) == 0) {
    *suffix = '.';
  }
  memmove(signature + 1, signature, length);
  signature[0] = 'L';
  signature[length + 1] = ';';
  signature[length + 2] = '\0';
}

static bool read_class(const struct unwind_layout *layout, struct unwind_memory *memory,
                       uint64_t pool, char signature[UNWIND_NAME_BYTES + 2]) {
  uint64_t holder;
  uint64_t name;
  if (!unwind_read_u64(memory, unwind_at(pool, layout->pool_holder), &holder) ||
      !unwind_read_u64(memory, unwind_at(holder, layout->klass_name), &name) ||
      !read_symbol(layout, memory, name, signature) || strlen(signature) + 3 > UNWIND_NAME_BYTES) {
    return false;
  }
  to_signature(signature);
  return true;
}

static bool read_flags(const struct unwind_layout *layout, struct unwind_memory *memory,
                       uint64_t const_method, bool *has_lines) {
  uint32_t flags = 0;
  if (!unwind_read(memory, unwind_at(const_method, layout->const_flags), &flags,
                   (size_t)layout->const_flags_bytes)) {
    return false;
  }
  *has_lines = (flags & (uint32_t)layout->const_has_lines) != 0;
  return true;
}

bool unwind_method_read(const struct unwind_layout *layout, struct unwind_memory *memory,
                        uint64_t method, struct unwind_bytecodes *bytecodes,
                        struct unwind_method_text *text) {
  uint64_t const_method;
  uint64_t constants;
  uint32_t length;
  uint16_t code_size, name, signature, source_file;
  if (!unwind_read_u64(memory, unwind_at(method, layout->method_const), &const_method) ||
      !unwind_read_u64(memory, unwind_at(const_method, layout->const_constants), &constants) ||
      !unwind_read_u16(memory, unwind_at(const_method, layout->const_code_size), &code_size) ||
      !unwind_read_u16(memory, unwind_at(const_method, layout->const_name), &name) ||
      !unwind_read_u16(memory, unwind_at(const_method, layout->const_signature), &signature) ||
      !unwind_read_u16(memory, unwind_at(constants, layout->pool_source_file), &source_file) ||
      !unwind_read_u32(memory, unwind_at(constants, layout->pool_length), &length) ||
      length > MOST_POOL_ENTRIES ||
      !read_flags(layout, memory, const_method, &bytecodes->has_lines)) {
    return false;
  }
  struct pool pool = {unwind_at(constants, layout->pool_bytes), length};
  bytecodes->low = unwind_at(const_method, layout->const_bytes);
  bytecodes->high = bytecodes->low + code_size;
  if (!read_entry(layout, memory, &pool, source_file, text->source_file)) {
    text->source_file[0] = '\0';
  }
  return read_class(layout, memory, constants, text->class_signature) &&
         read_entry(layout, memory, &pool, name, text->name) &&
         read_entry(layout, memory, &pool, signature, text->descriptor);
}

/* HotSpot's compressed stream (oops/compressedStream.hpp; utilities/unsigned5.hpp from 20 on). */
struct stream {
  struct unwind_memory *memory;
  uint64_t next;
  bool bad;
};

static uint32_t next_byte(struct stream *stream) {
  uint8_t byte = 0;
  stream->bad = stream->bad || !unwind_read_u8(stream->memory, stream->next, &byte);
  stream->next++;
  return byte;
}

/*
 * Up to five digits to the base 64, lowest first: a digit of 192 or more, less 64 for the carry,
 * says that another follows. Since release 20 no byte is zero: all are larger by one.
 */
static uint32_t next_unsigned(struct stream *stream, uint32_t excluded) {
  uint32_t value = 0;
  for (int digit = 0; digit < 5; digit++) {
    uint32_t byte = next_byte(stream);
    value += (byte - excluded) << (6 * digit);
    if (byte < 192) {
      break;
    }
  }
  return value;
}

static int32_t next_signed(struct stream *stream, uint32_t excluded) {
  uint32_t value = next_unsigned(stream, excluded);
  return (int32_t)(value >> 1) ^ -(int32_t)(value & 1);
}

int32_t unwind_method_line(const struct unwind_layout *layout, struct unwind_memory *memory,
                           const struct unwind_bytecodes *bytecodes, uint64_t bcp) {
  enum { END = 0, ESCAPE = 0xff, ZERO_EXCLUDED_SINCE = 20 };
  if (!bytecodes->has_lines || bcp < bytecodes->low || bcp >= bytecodes->high) {
    return -1;
  }
  uint32_t excluded = layout->release >= ZERO_EXCLUDED_SINCE ? 1 : 0;
  int32_t wanted = (int32_t)(bcp - bytecodes->low);
  int32_t bci = 0;
  int32_t line = 0;
  int32_t best_bci = 0;
  int32_t best_line = -1;
  struct stream stream = {memory, bytecodes->high, false};
  for (int i = 0; i < MOST_LINES; i++) {
    uint32_t byte = next_byte(&stream);
    if (byte == END || stream.bad) {
      break;
    }
    if (byte == ESCAPE) {
      bci += next_signed(&stream, excluded);
      line += next_signed(&stream, excluded);
    } else { /* five bits and three: most steps are small */
      bci += (int32_t)(byte >> 3);
      line += (int32_t)(byte & 7);
    }
    if (bci <= wanted && bci >= best_bci) {
      best_bci = bci;
      best_line = line;
    }
  }
  return stream.bad ? -1 : best_line;
}
