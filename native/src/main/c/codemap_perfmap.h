/* The perf map file: what code lies where, as Linux perf reads it (tools/perf/util/symbol.c). */
#ifndef PFAGENT_CODEMAP_PERFMAP_H
#define PFAGENT_CODEMAP_PERFMAP_H

#include "codemap.h"

/*
 * Writes what the map holds, and from then on what is loaded. The file is made for this user alone;
 * one that is there must be a regular file of his own. 0, or an errno: EALREADY (one is being
 * written), EPERM (another's file, or none to be written over), or that of open(2), write(2).
 */
int perfmap_start(struct codemap *map, const char *path);

/* The file stays: perf reads it after the process's end. */
void perfmap_stop(void);

/* One line more, if a file is being written. An error ends the writing. */
void perfmap_write(uint64_t start, uint64_t size, const struct method_name *name);

#endif
