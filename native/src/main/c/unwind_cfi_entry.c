#include "unwind_cfi_entry.h"

#include <string.h>

enum { MOST_ENTRY_BYTES = 1 << 16 };

/* The content of the entry at an address: what lies behind its length. */
static struct unwind_cursor open_entry(struct unwind_memory *memory, uint64_t address) {
  struct unwind_cursor cursor = {memory, address, address + 4, false};
  uint64_t length = unwind_next(&cursor, 4);
  cursor.end = cursor.at + length;
  cursor.bad = cursor.bad || length == 0 || length > MOST_ENTRY_BYTES;
  return cursor;
}

static bool read_augmentation(struct unwind_description *description, struct unwind_cursor *cursor,
                              const char *augmentation) {
  uint64_t length = unwind_next_unsigned(cursor);
  uint64_t end = cursor->at + length;
  for (const char *letter = augmentation + 1; *letter != '\0'; letter++) {
    switch (*letter) {
      case 'R':
        description->encoding = (uint8_t)unwind_next(cursor, 1);
        break;
      case 'P': {
        uint8_t encoding = (uint8_t)unwind_next(cursor, 1);
        unwind_next_pointer(cursor, encoding, 0);
        break;
      }
      case 'L':
        unwind_next(cursor, 1);
        break;
      case 'S':
        description->signal_frame = true;
        break;
      case 'B': /* aarch64: return addresses are signed with the other key */
        break;
      default:
        return false;
    }
  }
  if (cursor->bad || end > cursor->end) {
    return false;
  }
  cursor->at = end;
  return true;
}

static bool read_common(struct unwind_description *description, struct unwind_memory *memory,
                        uint64_t address) {
  char augmentation[8];
  struct unwind_cursor cursor = open_entry(memory, address);
  bool is_common = unwind_next(&cursor, 4) == 0;
  uint64_t version = unwind_next(&cursor, 1);
  if (cursor.bad || !is_common || (version != 1 && version != 3) ||
      !unwind_read_string(memory, cursor.at, augmentation, sizeof augmentation)) {
    return false;
  }
  cursor.at += strlen(augmentation) + 1;
  description->code_factor = unwind_next_unsigned(&cursor);
  description->data_factor = unwind_next_signed(&cursor);
  uint64_t return_column = version == 1 ? unwind_next(&cursor, 1) : unwind_next_unsigned(&cursor);
#if defined(__x86_64__)
  bool usual_column = return_column == UNWIND_PC;
#else
  bool usual_column = return_column == UNWIND_LR;
#endif
  description->augmented = augmentation[0] == 'z';
  bool understood =
      augmentation[0] == '\0' ||
      (description->augmented && read_augmentation(description, &cursor, augmentation));
  description->initial = cursor;
  return usual_column && understood && !cursor.bad;
}

bool unwind_read_description(struct unwind_description *description, struct unwind_memory *memory,
                             uint64_t address) {
  memset(description, 0, sizeof *description);
  struct unwind_cursor cursor = open_entry(memory, address);
  uint64_t here = cursor.at;
  uint64_t back = unwind_next(&cursor, 4);
  if (cursor.bad || back == 0 || !read_common(description, memory, here - back)) {
    return false;
  }
  description->low = unwind_next_pointer(&cursor, description->encoding, 0);
  uint64_t size = unwind_next_pointer(&cursor, description->encoding & UNWIND_POINTER_FORMAT, 0);
  description->high = description->low + size;
  if (description->augmented) {
    unwind_skip_block(&cursor);
  }
  description->instructions = cursor;
  return !cursor.bad;
}

uint64_t unwind_find_description(struct unwind_memory *memory, uint64_t header, uint64_t pc) {
  struct unwind_cursor cursor = {memory, header, header + 64, false};
  uint64_t version = unwind_next(&cursor, 1);
  uint8_t frame_encoding = (uint8_t)unwind_next(&cursor, 1);
  uint8_t count_encoding = (uint8_t)unwind_next(&cursor, 1);
  uint64_t table_encoding = unwind_next(&cursor, 1);
  unwind_next_pointer(&cursor, frame_encoding, header);
  uint64_t count = unwind_next_pointer(&cursor, count_encoding, header);
  if (cursor.bad || version != 1 || count > UINT32_MAX ||
      table_encoding != (UNWIND_POINTER_DATA_RELATIVE | UNWIND_POINTER_SIGNED_4)) {
    return 0;
  }
  uint64_t low = 0;
  uint64_t high = count;
  int32_t entry[2]; /* a function's begin, its description: both from the header on */
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (!unwind_read(memory, cursor.at + 8 * middle, entry, sizeof entry)) {
      return 0;
    }
    if (header + (uint64_t)(int64_t)entry[0] <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0 || !unwind_read(memory, cursor.at + 8 * (low - 1), entry, sizeof entry)) {
    return 0;
  }
  return header + (uint64_t)(int64_t)entry[1];
}
