/* The unwinder of this process: a walk's view of the JVM that runs here, and the names. */
#ifndef PFAGENT_UNWIND_PROCESS_H
#define PFAGENT_UNWIND_PROCESS_H

#include <stddef.h>

#include "unwind_names.h"
#include "unwind_walk.h"

enum { UNWIND_MOST_FRAMES = 1024, UNWIND_OWN_STACK = 16 * 1024 };

struct unwind_process {
  struct unwind_jvm jvm;
  struct unwind_names names;
  struct unwind_frame frames[UNWIND_MOST_FRAMES];
  struct unwind_named_frame named[UNWIND_MOST_FRAMES]; /* what the last walk gave */
  uint8_t own_stack[UNWIND_OWN_STACK];                 /* for the self-test */
};

/*
 * Finds all that a walk needs.
 *
 * in_libjvm: any address in the JVM's library
 * reason: in words for a person, where null is returned
 */
struct unwind_process *unwind_process_open(void *in_libjvm, unwind_intern *intern, void *context,
                                           char *reason, size_t reason_size);

void unwind_process_close(struct unwind_process *process);

/* Begins a batch of samples: what was read of the JVM before is read anew. */
void unwind_process_begin(struct unwind_process *process, uint64_t unloads, int64_t now);

/*
 * Walks, and names the frames, at most `most` of them: they are in process->named then.
 *
 * taken: when the copy was, not after begin(); CLOCK_MONOTONIC, nanoseconds
 */
struct unwind_result unwind_process_walk(struct unwind_process *process,
                                         const struct unwind_registers *registers,
                                         const struct unwind_stack *stack, int64_t taken, int most);

#endif
