/* Feeds the process's code map from what the JVM tells of its compiled code. */
#ifndef PFAGENT_CODEMAP_JVMTI_H
#define PFAGENT_CODEMAP_JVMTI_H

#include <jvmti.h>

#include "codemap.h"

/* The one of this process; empty while nothing feeds it. */
extern struct codemap process_codemap;

enum {
  JVMTI_START_BUSY = -1,     /* started already */
  JVMTI_START_NO_MEMORY = -2,
  JVMTI_START_NO_JVMTI = -3, /* the JVM gives no JVMTI environment */
};

/*
 * Asks for events, and for those of the code that is there already. JVMTI_ERROR_NONE, one of the
 * above, or the jvmtiError of what was refused; then nothing is left behind.
 */
int codemap_jvmti_start(JavaVM *vm, size_t most_bytes);

/* Gives the environment and the map's memory back; waits for callbacks that are under way. */
void codemap_jvmti_stop(void);

#endif
