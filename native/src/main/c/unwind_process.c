#include "unwind_process.h"

#include <stdio.h>
#include <stdlib.h>

#include "unwind_self.h"

struct unwind_process *unwind_process_open(void *in_libjvm, unwind_intern *intern, void *context,
                                           char *reason, size_t reason_size) {
  struct unwind_process *process = calloc(1, sizeof *process);
  if (process == NULL) {
    snprintf(reason, reason_size, "no memory for the unwinder");
    return NULL;
  }
  if (!unwind_self_open(&process->jvm.memory, &process->jvm.code, in_libjvm, reason, reason_size)) {
    free(process);
    return NULL;
  }
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
  unwind_self_refresh(&jvm->memory, &jvm->code);
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
