/*
 * The callbacks run in threads of the JVM: its service thread, the one that asked for the events of
 * old code, for stubs any. They are in state "native", so they hold up no safepoint; they copy and
 * go. Methods are named here and not later: while its load event is being delivered the JVM keeps
 * the compiled code, and so the classes of all that is inlined in it.
 */
#include "codemap_jvmti.h"

#include <string.h>

#include "clock.h"
#include "codemap_gather.h"
#include "codemap_perfmap.h"
#include "unwind_ids.h"

struct codemap process_codemap = CODEMAP_INITIALIZER;

/* Guards the three below. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t nobody_inside = PTHREAD_COND_INITIALIZER;
static bool listening;
static int inside; /* callbacks under way */

/* Written while nobody listens. */
static jvmtiEnv *environment;
static JavaVM *java_vm;
static struct unwind_ids *compile_ids; /* null: in this JVM they are not known */
/* In the thread that asked for the events of code that was there before. */
static __thread bool in_generating_thread;

/* A callback may begin when the environment is gone already: the JVM took its address before. */
static bool enter(void) {
  pthread_mutex_lock(&lock);
  bool entered = listening;
  inside += entered;
  pthread_mutex_unlock(&lock);
  return entered;
}

static void leave(void) {
  pthread_mutex_lock(&lock);
  if (--inside == 0) {
    pthread_cond_broadcast(&nobody_inside);
  }
  pthread_mutex_unlock(&lock);
}

static void add(struct code_load *load) {
  load->now = monotonic_nanos();
  load->since = in_generating_thread ? 0 : load->now;
  if (codemap_load(&process_codemap, load) == CODEMAP_ADDED && load->name_count > 0) {
    perfmap_write(load->start, load->size, &load->names[0]);
  }
}

/* While its load event is being delivered, code stays where it is. */
static int32_t compile_id_of(uint64_t start) {
  return compile_ids == NULL ? COMPILE_ID_UNKNOWN : unwind_ids_of(compile_ids, start);
}

static void JNICALL method_loaded(jvmtiEnv *jvmti, jmethodID method, jint size, const void *address,
                                  jint map_length, const jvmtiAddrLocationMap *map,
                                  const void *compile_info) {
  if (!enter()) {
    return;
  }
  JNIEnv *jni = NULL;
  if ((*java_vm)->GetEnv(java_vm, (void **)&jni, JNI_VERSION_1_8) == JNI_OK) {
    struct gathering gathering;
    gather_begin(&gathering, jvmti, jni, method);
    gather_pcs(&gathering, compile_info, map, map_length);
    struct code_load load = {
        .start = (uint64_t)address,
        .size = (uint64_t)(uint32_t)size,
        .key = (uint64_t)method,
        .compile_id = compile_id_of((uint64_t)address),
        .type = FRAME_COMPILED,
        .names = gathering.names,
        .name_count = gathering.name_count,
        .pcs = gathering.pcs,
        .pc_count = gathering.pc_count,
        .frames = gathering.frames,
    };
    add(&load);
    gather_end(&gathering);
  }
  leave();
}

static void JNICALL method_unloaded(jvmtiEnv *jvmti, jmethodID method, const void *address) {
  (void)jvmti;
  if (enter()) {
    codemap_unload(&process_codemap, (uint64_t)address, (uint64_t)method, monotonic_nanos());
    leave();
  }
}

static void JNICALL stub_generated(jvmtiEnv *jvmti, const char *name, const void *address,
                                   jint size) {
  (void)jvmti;
  if (enter()) {
    struct method_name own = {.class_signature = "", .name = name};
    struct code_load load = {
        .start = (uint64_t)address,
        .size = (uint64_t)(uint32_t)size,
        .compile_id = COMPILE_ID_NONE,
        .type = strcmp(name, "Interpreter") == 0 ? FRAME_INTERPRETED : FRAME_STUB,
        .names = &own,
        .name_count = 1,
    };
    add(&load);
    leave();
  }
}

static const jvmtiEvent events[] = {
    JVMTI_EVENT_COMPILED_METHOD_LOAD,
    JVMTI_EVENT_COMPILED_METHOD_UNLOAD,
    JVMTI_EVENT_DYNAMIC_CODE_GENERATED,
};

enum { EVENT_COUNT = sizeof events / sizeof *events };

static jvmtiError switch_events(jvmtiEventMode mode) {
  jvmtiError error = JVMTI_ERROR_NONE;
  for (int i = 0; i < EVENT_COUNT && error == JVMTI_ERROR_NONE; i++) {
    error = (*environment)->SetEventNotificationMode(environment, mode, events[i], NULL);
  }
  return error;
}

/* What is not had (a JVM without line numbers) is left out, but for the events themselves. */
static jvmtiError add_capabilities(void) {
  jvmtiCapabilities wanted = {.can_generate_compiled_method_load_events = 1};
  jvmtiError error = (*environment)->AddCapabilities(environment, &wanted);
  if (error != JVMTI_ERROR_NONE) {
    return error;
  }
  wanted = (jvmtiCapabilities){.can_get_line_numbers = 1};
  (void)(*environment)->AddCapabilities(environment, &wanted);
  wanted = (jvmtiCapabilities){.can_get_source_file_name = 1};
  (void)(*environment)->AddCapabilities(environment, &wanted);
  return JVMTI_ERROR_NONE;
}

/* Events first, then the code from before: so nothing falls between the two. */
static jvmtiError ask_for_events(void) {
  jvmtiEventCallbacks callbacks = {
      .CompiledMethodLoad = method_loaded,
      .CompiledMethodUnload = method_unloaded,
      .DynamicCodeGenerated = stub_generated,
  };
  jvmtiError error = add_capabilities();
  if (error == JVMTI_ERROR_NONE) {
    error = (*environment)->SetEventCallbacks(environment, &callbacks, sizeof callbacks);
  }
  if (error == JVMTI_ERROR_NONE) {
    error = switch_events(JVMTI_ENABLE);
  }
  in_generating_thread = true;
  if (error == JVMTI_ERROR_NONE) {
    error = (*environment)->GenerateEvents(environment, JVMTI_EVENT_DYNAMIC_CODE_GENERATED);
  }
  if (error == JVMTI_ERROR_NONE) {
    error = (*environment)->GenerateEvents(environment, JVMTI_EVENT_COMPILED_METHOD_LOAD);
  }
  in_generating_thread = false;
  return error;
}

int codemap_jvmti_start(JavaVM *vm, size_t most_bytes) {
  if (environment != NULL) {
    return JVMTI_START_BUSY;
  }
  java_vm = vm;
  if ((*vm)->GetEnv(vm, (void **)&environment, JVMTI_VERSION_1_2) != JNI_OK) {
    environment = NULL;
    return JVMTI_START_NO_JVMTI;
  }
  if (!codemap_open(&process_codemap, most_bytes)) {
    (*environment)->DisposeEnvironment(environment);
    environment = NULL;
    return JVMTI_START_NO_MEMORY;
  }
  compile_ids = unwind_ids_open((void *)(uintptr_t)(*vm)->GetEnv);
  pthread_mutex_lock(&lock);
  listening = true;
  pthread_mutex_unlock(&lock);
  jvmtiError error = ask_for_events();
  if (error != JVMTI_ERROR_NONE) {
    codemap_jvmti_stop();
  }
  return (int)error;
}

void codemap_jvmti_stop(void) {
  if (environment == NULL) {
    return;
  }
  (void)switch_events(JVMTI_DISABLE);
  pthread_mutex_lock(&lock);
  listening = false;
  while (inside > 0) {
    pthread_cond_wait(&nobody_inside, &lock);
  }
  pthread_mutex_unlock(&lock);
  (*environment)->DisposeEnvironment(environment);
  environment = NULL;
  unwind_ids_close(compile_ids);
  compile_ids = NULL;
  perfmap_stop();
  codemap_close(&process_codemap);
}
