/*
 * What a load event tells, copied into the form that the map takes: names, lines, and the methods
 * inlined at each pc. For the time of one callback.
 */
#ifndef PFAGENT_CODEMAP_GATHER_H
#define PFAGENT_CODEMAP_GATHER_H

#include <jvmti.h>
#include <jvmticmlr.h>

#include "codemap.h"

/* A method that stands in the code, with what JVMTI gave of it and wants back. */
struct gathered_method {
  jmethodID method;
  jvmtiLineNumberEntry *lines; /* ascending by bci; null: none */
  jint line_count;
};

struct gathering {
  jvmtiEnv *jvmti;
  JNIEnv *jni;
  struct gathered_method *methods;
  struct method_name *names; /* of the methods, in the same order */
  uint32_t name_count;
  uint32_t name_capacity;
  uint32_t *buckets; /* index of a method plus one, by its id's hash; 0: empty */
  uint32_t bucket_count;
  struct load_pc *pcs;
  uint32_t pc_count;
  struct load_frame *frames;
};

/* Begins with the compiled method itself, which gets index 0. */
void gather_begin(struct gathering *gathering, jvmtiEnv *jvmti, JNIEnv *jni, jmethodID method);

/*
 * Takes HotSpot's inlining records (jvmticmlr.h); in another JVM the plain map, which has the bci of
 * the compiled method alone. Without memory there are no pcs.
 */
void gather_pcs(struct gathering *gathering, const void *compile_info,
                const jvmtiAddrLocationMap *map, jint map_length);

void gather_end(struct gathering *gathering);

#endif
