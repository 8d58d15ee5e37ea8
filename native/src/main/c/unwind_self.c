#include "unwind_self.h"

#include <dlfcn.h>
#include <stdio.h>

static void *symbol_of(void *library, const char *name) {
  return dlsym(library, name);
}

/* Makes the code heaps readable by plain loads, as far as they are committed. */
static void open_windows(struct unwind_memory *memory, const struct unwind_code *code) {
  memory->window_count = 0;
  for (int i = 0; i < code->heap_count; i++) {
    const struct unwind_heap *heap = &code->heaps[i];
    memory->windows[memory->window_count++] =
        (struct unwind_window){heap->low, heap->high, (const uint8_t *)(uintptr_t)heap->low};
    memory->windows[memory->window_count++] =
        (struct unwind_window){heap->map, heap->map_high, (const uint8_t *)(uintptr_t)heap->map};
  }
}

bool unwind_self_open(struct unwind_memory *memory, struct unwind_code *code, void *in_libjvm,
                      char *reason, size_t reason_size) {
  unwind_memory_init(memory, unwind_self_source, NULL);
  Dl_info info;
  if (dladdr(in_libjvm, &info) == 0) {
    snprintf(reason, reason_size, "the JVM's own library is not found");
    return false;
  }
  void *library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD); /* kept: a JVM stays */
  if (library == NULL) {
    snprintf(reason, reason_size, "%s is not open", info.dli_fname);
    return false;
  }
  struct unwind_layout layout;
  if (!unwind_layout_read(&layout, symbol_of, library, reason, reason_size)) {
    return false;
  }
  uint64_t probe;
  uint64_t here = (uint64_t)(uintptr_t)&layout;
  if (!unwind_self_source(NULL, here & ~UINT64_C(7), &probe, sizeof probe)) {
    snprintf(
        reason, reason_size,
        "process_vm_readv(2) on this process itself is denied; allow it in the seccomp profile");
    return false;
  }
  if (!unwind_code_init(code, memory, &layout)) {
    snprintf(reason, reason_size, "HotSpot's code cache or interpreter is not as expected");
    return false;
  }
  open_windows(memory, code);
  return true;
}

void unwind_self_refresh(struct unwind_memory *memory, struct unwind_code *code) {
  unwind_memory_forget(memory);
  unwind_code_refresh(code, memory);
  open_windows(memory, code);
}
