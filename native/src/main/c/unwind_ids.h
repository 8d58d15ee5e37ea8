/*
 * The compile ids of methods, for those whom the JVM tells of code: the callbacks of the code map,
 * which may come in several threads at once. A walk reads them by itself.
 */
#ifndef PFAGENT_UNWIND_IDS_H
#define PFAGENT_UNWIND_IDS_H

#include <stdint.h>

struct unwind_ids;

/* in_libjvm: any address in the JVM's library. Null: no memory, or not a JVM that is known. */
struct unwind_ids *unwind_ids_open(void *in_libjvm);

/* Nobody may be asking any more. Null is none. */
void unwind_ids_close(struct unwind_ids *ids);

/*
 * That of the method whose code begins there and can't be freed meanwhile; COMPILE_ID_UNKNOWN if
 * none is found.
 */
int32_t unwind_ids_of(struct unwind_ids *ids, uint64_t code_begin);

#endif
