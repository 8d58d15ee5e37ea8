/* What io.pfagent.jvm.UnwinderLibrary declares. */
#include <jni.h>
#include <string.h>

#include "clock.h"
#include "codemap_jvmti.h"
#include "unwind_capture.h"
#include "unwind_process.h"

/*
 * Before the frames, three longs: how the walk ended, the first frame of the carrier, whether names
 * were read.
 */
enum { HEAD_LONGS = 3, FRAME_LONGS = 3 };

_Static_assert(sizeof(struct unwind_named_frame) == FRAME_LONGS * sizeof(jlong),
               "Java reads frames as three longs");

static uint32_t intern(void *context, const struct method_name *name, int64_t now) {
  return codemap_intern(context, name, now);
}

static struct unwind_process *process_of(jlong handle) {
  return (struct unwind_process *)(uintptr_t)handle;
}

JNIEXPORT jlong JNICALL Java_io_pfagent_jvm_UnwinderLibrary_registerMask(JNIEnv *jni, jclass self) {
  (void)jni;
  (void)self;
  return (jlong)UNWIND_PERF_MASK;
}

JNIEXPORT jstring JNICALL Java_io_pfagent_jvm_UnwinderLibrary_open(JNIEnv *jni, jclass self,
                                                                   jlongArray opened) {
  (void)self;
  char reason[256];
  void *in_libjvm = (void *)(uintptr_t)(*jni)->GetVersion;
  struct unwind_process *process =
      unwind_process_open(in_libjvm, intern, &process_codemap, reason, sizeof reason);
  if (process == NULL) {
    return (*jni)->NewStringUTF(jni, reason);
  }
  jlong values[2] = {(jlong)(uintptr_t)process, process->jvm.code.layout.release};
  (*jni)->SetLongArrayRegion(jni, opened, 0, 2, values);
  return NULL;
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_UnwinderLibrary_close(JNIEnv *jni, jclass self,
                                                                 jlong handle) {
  (void)jni;
  (void)self;
  unwind_process_close(process_of(handle));
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_UnwinderLibrary_begin(JNIEnv *jni, jclass self,
                                                                 jlong handle, jlong unloads) {
  (void)jni;
  (void)self;
  unwind_process_begin(process_of(handle), (uint64_t)unloads, monotonic_nanos());
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_UnwinderLibrary_distrust(JNIEnv *jni, jclass self,
                                                                    jlong handle, jlong unloads) {
  (void)jni;
  (void)self;
  unwind_names_distrust(&process_of(handle)->names, (uint64_t)unloads, monotonic_nanos());
}

static jint walk(JNIEnv *jni, struct unwind_process *process,
                 const struct unwind_registers *registers, const struct unwind_stack *stack,
                 jlong nanos, jlongArray out) {
  jint room = ((*jni)->GetArrayLength(jni, out) - HEAD_LONGS) / FRAME_LONGS;
  struct unwind_result result = unwind_process_walk(process, registers, stack, nanos, room);
  jlong head[HEAD_LONGS] = {result.end, result.carrier_from, process->names.unproven};
  process->names.unproven = false; /* the caller proves them, or says that they don't hold */
  (*jni)->SetLongArrayRegion(jni, out, 0, HEAD_LONGS, head);
  (*jni)->SetLongArrayRegion(jni, out, HEAD_LONGS, result.count * FRAME_LONGS,
                             (const jlong *)process->named);
  return result.count;
}

JNIEXPORT jint JNICALL Java_io_pfagent_jvm_UnwinderLibrary_unwind(JNIEnv *jni, jclass self,
                                                                  jlong handle, jlong sampled,
                                                                  jlong copy, jint bytes,
                                                                  jlong nanos, jlongArray out) {
  (void)self;
  struct unwind_registers registers;
  const uint8_t *word = (const uint8_t *)(uintptr_t)sampled;
  for (int i = 0; i < UNWIND_PERF_COUNT; i++, word += sizeof(uint64_t)) {
    memcpy(&registers.value[unwind_perf_order[i]], word, sizeof(uint64_t));
  }
  struct unwind_stack stack = {registers.value[UNWIND_SP], (uint64_t)bytes,
                               (const uint8_t *)(uintptr_t)copy};
  return walk(jni, process_of(handle), &registers, &stack, nanos, out);
}

JNIEXPORT jint JNICALL Java_io_pfagent_jvm_UnwinderLibrary_unwindSelf(JNIEnv *jni, jclass self,
                                                                      jlong handle, jlong nanos,
                                                                      jlongArray out) {
  (void)self;
  struct unwind_process *process = process_of(handle);
  struct unwind_registers registers;
  struct unwind_stack stack;
  if (!unwind_capture(&registers, &stack, process->own_stack, sizeof process->own_stack)) {
    return 0;
  }
  return walk(jni, process, &registers, &stack, nanos, out);
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_UnwinderLibrary_call(JNIEnv *jni, jclass self,
                                                                jobject task) {
  (void)self;
  jclass runnable = (*jni)->GetObjectClass(jni, task);
  jmethodID run = (*jni)->GetMethodID(jni, runnable, "run", "()V");
  if (run != NULL) {
    (*jni)->CallVoidMethod(jni, task, run);
  }
}
