/* What io.pfagent.jvm.CodeMapLibrary declares. */
#include <jni.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "codemap.h"
#include "codemap_jvmti.h"
#include "codemap_perfmap.h"

/* As many as a JavaFrames can take at once; more are cut off. */
enum { MOST_FRAMES = 512, INTS_PER_FRAME = sizeof(struct code_frame) / sizeof(jint) };

_Static_assert(sizeof(struct code_frame) == 4 * sizeof(jint), "Java reads frames as four ints");

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
  (void)vm;
  (void)reserved;
  return JNI_VERSION_1_8;
}

JNIEXPORT jint JNICALL Java_io_pfagent_jvm_CodeMapLibrary_start(JNIEnv *jni, jclass self,
                                                                jlong most_bytes) {
  (void)self;
  JavaVM *vm;
  if ((*jni)->GetJavaVM(jni, &vm) != JNI_OK) {
    return JVMTI_START_NO_JVMTI;
  }
  return codemap_jvmti_start(vm, (size_t)most_bytes);
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_CodeMapLibrary_stop(JNIEnv *jni, jclass self) {
  (void)jni;
  (void)self;
  codemap_jvmti_stop();
}

JNIEXPORT jint JNICALL Java_io_pfagent_jvm_CodeMapLibrary_frames(JNIEnv *jni, jclass self, jlong pc,
                                                                 jint kind, jint compile_id,
                                                                 jboolean too_late, jlong nanos,
                                                                 jintArray out, jint from,
                                                                 jint most) {
  (void)self;
  struct code_frame frames[MOST_FRAMES];
  struct code_seen code = {compile_id, too_late == JNI_TRUE};
  int count = codemap_frames(&process_codemap, (uint64_t)pc, (enum pc_kind)kind, code, nanos,
                             frames, most < MOST_FRAMES ? most : MOST_FRAMES);
  if (count > 0) {
    (*jni)->SetIntArrayRegion(jni, out, from * INTS_PER_FRAME, count * INTS_PER_FRAME,
                              (const jint *)frames);
  }
  return count;
}

static void set_part(JNIEnv *jni, jobjectArray parts, jsize index, const char *part) {
  jstring string = part == NULL ? NULL : (*jni)->NewStringUTF(jni, part);
  if (string != NULL) {
    (*jni)->SetObjectArrayElement(jni, parts, index, string);
    (*jni)->DeleteLocalRef(jni, string);
  }
}

JNIEXPORT jboolean JNICALL Java_io_pfagent_jvm_CodeMapLibrary_method(JNIEnv *jni, jclass self,
                                                                     jint id, jobjectArray parts) {
  (void)self;
  struct method_name name;
  void *block = codemap_method(&process_codemap, (uint32_t)id, &name);
  if (block == NULL) {
    return JNI_FALSE;
  }
  const char *texts[METHOD_NAME_PARTS] = {name.class_signature, name.name, name.descriptor,
                                          name.source_file};
  for (jsize i = 0; i < METHOD_NAME_PARTS && !(*jni)->ExceptionCheck(jni); i++) {
    set_part(jni, parts, i, texts[i]);
  }
  free(block);
  return JNI_TRUE;
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_CodeMapLibrary_count(JNIEnv *jni, jclass self,
                                                                jlongArray out) {
  (void)self;
  struct codemap_counts counts;
  codemap_count(&process_codemap, monotonic_nanos(), &counts);
  (*jni)->SetLongArrayRegion(jni, out, 0, sizeof counts / sizeof(jlong), (const jlong *)&counts);
}

JNIEXPORT jstring JNICALL Java_io_pfagent_jvm_CodeMapLibrary_startPerfMap(JNIEnv *jni, jclass self,
                                                                          jbyteArray path) {
  (void)self;
  char bytes[4096]; /* PATH_MAX */
  jsize length = (*jni)->GetArrayLength(jni, path);
  if (length >= (jsize)sizeof bytes) {
    length = sizeof bytes - 1;
  }
  (*jni)->GetByteArrayRegion(jni, path, 0, length, (jbyte *)bytes);
  bytes[length] = 0;
  int error = perfmap_start(&process_codemap, bytes);
  char text[128];
  return error == 0 ? NULL : (*jni)->NewStringUTF(jni, strerror_r(error, text, sizeof text));
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_CodeMapLibrary_stopPerfMap(JNIEnv *jni, jclass self) {
  (void)jni;
  (void)self;
  perfmap_stop();
}
