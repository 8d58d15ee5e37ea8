#include "unwind_process.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *symbol_of(void *library, const char *name) {
  return dlsym(library, name);
}

/* Makes the code heaps readable by plain loads, as far as they are committed. */
static void open_windows(struct unwind_jvm *jvm) {
  struct unwind_memory *memory = &jvm->memory;
  memory->window_count = 0;
  for (int i = 0; i < jvm->code.heap_count; i++) {
    const struct unwind_heap *heap = &jvm->code.heaps[i];
    memory->windows[memory->window_count++] =
        (struct unwind_window){heap->low, heap->high, (const uint8_t *)(uintptr_t)heap->low};
    memory->windows[memory->window_count++] =
        (struct unwind_window){heap->map, heap->map_high, (const uint8_t *)(uintptr_t)heap->map};
  }
}

static bool find_jvm(struct unwind_jvm *jvm, void *in_libjvm, char *reason, size_t reason_size) {
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
  if (!unwind_code_init(&jvm->code, &jvm->memory, &layout)) {
    snprintf(reason, reason_size, "HotSpot's code cache or interpreter is not as expected");
    return false;
  }
  return true;
}

struct unwind_process *unwind_process_open(void *in_libjvm, unwind_intern *intern, void *context,
                                           char *reason, size_t reason_size) {
  struct unwind_process *process = calloc(1, sizeof *process);
  if (process == NULL) {
    snprintf(reason, reason_size, "no memory for the unwinder");
    return NULL;
  }
  unwind_memory_init(&process->jvm.memory, unwind_self_source, NULL);
  if (!find_jvm(&process->jvm, in_libjvm, reason, reason_size)) {
    free(process);
    return NULL;
  }
  open_windows(&process->jvm);
  process->names.intern = intern;
  process->names.context = context;
  return process;
}

void unwind_process_close(struct unwind_process *process) {
  unwind_modules_free(&process->jvm.modules);
  free(process);
}

void unwind_process_begin(struct unwind_process *process, uint64_t unloads, int64_t now) {
  struct unwind_jvm *jvm = &process->jvm;
  unwind_memory_forget(&jvm->memory);
  unwind_code_refresh(&jvm->code, &jvm->memory);
  open_windows(jvm);
  if (unwind_modules_refresh(&jvm->modules, &jvm->memory, now)) {
    unwind_cfi_forget(&jvm->cfi);
    unwind_names_forget_natives(&process->names);
  }
  unwind_names_begin(&process->names, unloads, now);
}

struct unwind_result unwind_process_walk(struct unwind_process *process,
                                         const struct unwind_registers *registers,
                                         const struct unwind_stack *stack, int64_t taken,
                                         int most) {
  int room = most < UNWIND_MOST_FRAMES ? most : UNWIND_MOST_FRAMES;
  struct unwind_result result = unwind_walk(&process->jvm, registers, stack, process->frames, room);
  for (int i = 0; i < result.count; i++) {
    process->named[i] = unwind_name(&process->names, &process->jvm, &process->frames[i], taken);
  }
  return result;
}
