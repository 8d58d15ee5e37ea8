#include "unwind_memory.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

void unwind_memory_init(struct unwind_memory *memory, unwind_source *source, void *context) {
  memset(memory, 0, sizeof *memory);
  memory->source = source;
  memory->context = context;
  memory->generation = 1;
}

void unwind_memory_forget(struct unwind_memory *memory) {
  memory->generation++;
  if (memory->generation == 0) { /* after 2^32 batches, generations come back */
    for (int i = 0; i < UNWIND_PAGES; i++) {
      memory->pages[i].generation = 0;
    }
    memory->generation = 1;
  }
}

bool unwind_self_source(void *context, uint64_t address, void *target, size_t size) {
  (void)context;
  struct iovec local = {target, size};
  struct iovec remote = {(void *)(uintptr_t)address, size};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size;
}

static const struct unwind_page *page_at(struct unwind_memory *memory, uint64_t address) {
  struct unwind_page *page = &memory->pages[address / UNWIND_PAGE % UNWIND_PAGES];
  if (page->generation != memory->generation || page->address != address) {
    page->generation = memory->generation;
    page->address = address;
    page->readable = memory->source(memory->context, address, page->bytes, UNWIND_PAGE);
    memory->source_reads++;
  }
  return page->readable ? page : NULL;
}

bool unwind_read(struct unwind_memory *memory, uint64_t address, void *target, size_t size) {
  if (address + size < address) {
    return false;
  }
  for (int i = 0; i < memory->window_count; i++) {
    const struct unwind_window *window = &memory->windows[i];
    if (address >= window->low && address + size <= window->high) {
      memcpy(target, window->bytes + (address - window->low), size);
      return true;
    }
  }
  uint8_t *next = target;
  while (size > 0) {
    uint64_t offset = address % UNWIND_PAGE;
    size_t part = size < UNWIND_PAGE - offset ? size : UNWIND_PAGE - offset;
    const struct unwind_page *page = page_at(memory, address - offset);
    if (page == NULL) {
      return false;
    }
    memcpy(next, page->bytes + offset, part);
    next += part;
    address += part;
    size -= part;
  }
  return true;
}

bool unwind_read_string(struct unwind_memory *memory, uint64_t address, char *target, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (!unwind_read(memory, address + i, &target[i], 1)) {
      return false;
    }
    if (target[i] == '\0') {
      return true;
    }
  }
  return false;
}
