#include "unwind_ids.h"

#include <pthread.h>
#include <stdlib.h>

#include "codemap.h"
#include "unwind_self.h"

struct unwind_ids {
  pthread_mutex_t lock; /* held for some reads; nothing of the JVM is called meanwhile */
  struct unwind_memory memory;
  struct unwind_code code;
};

struct unwind_ids *unwind_ids_open(void *in_libjvm) {
  char reason[256]; /* whoever opens an unwinder is told */
  struct unwind_ids *ids = calloc(1, sizeof *ids);
  if (ids == NULL) {
    return NULL;
  }
  if (!unwind_self_open(&ids->memory, &ids->code, in_libjvm, reason, sizeof reason)) {
    free(ids);
    return NULL;
  }
  pthread_mutex_init(&ids->lock, NULL);
  return ids;
}

void unwind_ids_close(struct unwind_ids *ids) {
  if (ids != NULL) {
    pthread_mutex_destroy(&ids->lock);
    free(ids);
  }
}

int32_t unwind_ids_of(struct unwind_ids *ids, uint64_t code_begin) {
  struct unwind_blob blob;
  pthread_mutex_lock(&ids->lock);
  bool found = unwind_find_blob(&ids->code, &ids->memory, code_begin, &blob);
  if (!found) { /* a code heap may have grown */
    unwind_self_refresh(&ids->memory, &ids->code);
    found = unwind_find_blob(&ids->code, &ids->memory, code_begin, &blob);
  }
  pthread_mutex_unlock(&ids->lock);
  bool is_it = found && blob.kind <= UNWIND_BLOB_WRAPPER && blob.code_begin == code_begin;
  return is_it ? blob.compile_id : COMPILE_ID_UNKNOWN;
}
