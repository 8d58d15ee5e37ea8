/*
 * Reads of memory that may vanish or change at any moment: HotSpot's metadata and code, and
 * libraries. No read can fault.
 *
 *   windows   the committed part of the code heaps. HotSpot never gives it back, so plain loads are
 *             safe there, and cheap: a walk reads a dozen words of it per frame.
 *   source    all else: a page at a time by process_vm_readv(2), which fails where nothing is
 *             mapped. Pages are kept until unwind_memory_forget(): for one batch of samples.
 *
 * In tests both stand on a picture of a JVM's memory, so that a walk can be repeated and fuzzed
 * without one. Not for several threads at once.
 */
#ifndef PFAGENT_UNWIND_MEMORY_H
#define PFAGENT_UNWIND_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNWIND_PAGE = 4096, UNWIND_PAGES = 128, UNWIND_WINDOWS = 8 };

struct unwind_window {
  uint64_t low;
  uint64_t high;
  const uint8_t *bytes; /* where the byte at low is to be read */
};

struct unwind_page {
  uint64_t address;
  uint32_t generation;
  bool readable;
  uint8_t bytes[UNWIND_PAGE];
};

/* Copies bytes of one page; false if they can't be read. */
typedef bool unwind_source(void *context, uint64_t address, void *target, size_t size);

struct unwind_memory {
  struct unwind_window windows[UNWIND_WINDOWS];
  int window_count;
  unwind_source *source;
  void *context;
  uint32_t generation;
  uint64_t source_reads; /* how often the source was asked */
  struct unwind_page pages[UNWIND_PAGES];
};

void unwind_memory_init(struct unwind_memory *memory, unwind_source *source, void *context);

/* Lets go of all pages: what is read next is read anew. */
void unwind_memory_forget(struct unwind_memory *memory);

/* Copies bytes; false, with the target undefined, if not all of them can be read. */
bool unwind_read(struct unwind_memory *memory, uint64_t address, void *target, size_t size);

/* This process's own memory, by process_vm_readv(2). */
bool unwind_self_source(void *context, uint64_t address, void *target, size_t size);

static inline bool unwind_read_u64(struct unwind_memory *memory, uint64_t at, uint64_t *value) {
  return unwind_read(memory, at, value, sizeof *value);
}

static inline bool unwind_read_u32(struct unwind_memory *memory, uint64_t at, uint32_t *value) {
  return unwind_read(memory, at, value, sizeof *value);
}

static inline bool unwind_read_u16(struct unwind_memory *memory, uint64_t at, uint16_t *value) {
  return unwind_read(memory, at, value, sizeof *value);
}

static inline bool unwind_read_u8(struct unwind_memory *memory, uint64_t at, uint8_t *value) {
  return unwind_read(memory, at, value, sizeof *value);
}

/* Copies a C string of less than size bytes; false if it is longer or can't be read. */
bool unwind_read_string(struct unwind_memory *memory, uint64_t address, char *target, size_t size);

#endif
