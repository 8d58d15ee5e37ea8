/* The code cache of the JVM that runs in this process. */
#ifndef PFAGENT_UNWIND_SELF_H
#define PFAGENT_UNWIND_SELF_H

#include <stdbool.h>
#include <stddef.h>

#include "unwind_code.h"
#include "unwind_memory.h"

/*
 * Finds the code cache, and makes it readable. False: `reason` says in words for a person why not.
 *
 * in_libjvm: any address in the JVM's library
 */
bool unwind_self_open(struct unwind_memory *memory, struct unwind_code *code, void *in_libjvm,
                      char *reason, size_t reason_size);

/* Takes notice of code heaps that have grown; what was read of the JVM before is read anew. */
void unwind_self_refresh(struct unwind_memory *memory, struct unwind_code *code);

#endif
