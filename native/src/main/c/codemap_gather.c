#include "codemap_gather.h"

#include <stdlib.h>
#include <string.h>

/* In place of an index of a method. */
#define NOT_FOUND UINT32_MAX

/* Far above what a method can have; a record that says more is not believed. */
enum { MOST_PCS = 1 << 20, MOST_FRAMES_OF_PC = 512, FIRST_METHODS = 16 };

static int by_bci(const void *left, const void *right) {
  jlocation first = ((const jvmtiLineNumberEntry *)left)->start_location;
  jlocation second = ((const jvmtiLineNumberEntry *)right)->start_location;
  return (first > second) - (first < second);
}

static int by_pc(const void *left, const void *right) {
  uint64_t first = ((const struct load_pc *)left)->pc;
  uint64_t second = ((const struct load_pc *)right)->pc;
  return (first > second) - (first < second);
}

/* The names of a method; what JVMTI refuses stays null. */
static struct method_name name_of(struct gathering *gathering, jmethodID method) {
  jvmtiEnv *jvmti = gathering->jvmti;
  char *name = NULL;
  char *descriptor = NULL;
  char *signature = NULL;
  char *source_file = NULL;
  jclass owner = NULL;
  if (method == NULL ||
      (*jvmti)->GetMethodName(jvmti, method, &name, &descriptor, NULL) != JVMTI_ERROR_NONE) {
    return (struct method_name){0};
  }
  if ((*jvmti)->GetMethodDeclaringClass(jvmti, method, &owner) == JVMTI_ERROR_NONE) {
    (void)(*jvmti)->GetClassSignature(jvmti, owner, &signature, NULL);
    (void)(*jvmti)->GetSourceFileName(jvmti, owner, &source_file);
    (*gathering->jni)->DeleteLocalRef(gathering->jni, owner);
  }
  return (struct method_name){signature, name, descriptor, source_file};
}

static void take_lines(struct gathering *gathering, struct gathered_method *method) {
  jvmtiEnv *jvmti = gathering->jvmti;
  if ((*jvmti)->GetLineNumberTable(jvmti, method->method, &method->line_count, &method->lines) !=
      JVMTI_ERROR_NONE) {
    method->lines = NULL;
    method->line_count = 0;
  } else if (method->line_count > 1) { /* class files may have them in any order */
    qsort(method->lines, (size_t)method->line_count, sizeof *method->lines, by_bci);
  }
}

static uint32_t *bucket_of(const struct gathering *gathering, jmethodID method) {
  uint64_t hash = (uint64_t)method * 0x9E3779B97F4A7C15u >> 32;
  uint32_t mask = gathering->bucket_count - 1;
  uint32_t at = (uint32_t)hash & mask;
  while (gathering->buckets[at] != 0 &&
         gathering->methods[gathering->buckets[at] - 1].method != method) {
    at = (at + 1) & mask;
  }
  return &gathering->buckets[at];
}

/* Room for one more method, with at most half of the buckets in use. */
static bool grow(struct gathering *gathering) {
  if (gathering->name_count < gathering->name_capacity) {
    return true;
  }
  uint32_t capacity =
      gathering->name_capacity == 0 ? FIRST_METHODS : gathering->name_capacity * 2;
  void *methods = realloc(gathering->methods, capacity * sizeof *gathering->methods);
  if (methods == NULL) {
    return false;
  }
  gathering->methods = methods;
  void *names = realloc(gathering->names, capacity * sizeof *gathering->names);
  if (names == NULL) {
    return false;
  }
  gathering->names = names;
  uint32_t *buckets = calloc(capacity * 2, sizeof *buckets);
  if (buckets == NULL) {
    return false;
  }
  free(gathering->buckets);
  gathering->buckets = buckets;
  gathering->bucket_count = capacity * 2;
  gathering->name_capacity = capacity;
  for (uint32_t i = 0; i < gathering->name_count; i++) {
    *bucket_of(gathering, gathering->methods[i].method) = i + 1;
  }
  return true;
}

/* The index of a method, which is named when it is met first; NOT_FOUND without memory. */
static uint32_t index_of(struct gathering *gathering, jmethodID method) {
  if (!grow(gathering)) {
    return NOT_FOUND;
  }
  uint32_t *bucket = bucket_of(gathering, method);
  if (*bucket == 0) {
    uint32_t index = gathering->name_count++;
    *bucket = index + 1;
    gathering->methods[index] = (struct gathered_method){.method = method};
    gathering->names[index] = name_of(gathering, method);
    if (gathering->names[index].name != NULL) {
      take_lines(gathering, &gathering->methods[index]);
    }
  }
  return *bucket - 1;
}

/* The last line that begins at or before the bci; -1: not known. */
static int32_t line_at(const struct gathered_method *method, jint bci) {
  int32_t low = 0;
  int32_t high = method->line_count;
  while (low < high) {
    int32_t middle = low + (high - low) / 2;
    if (method->lines[middle].start_location <= bci) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && bci >= 0 ? method->lines[low - 1].line_number : -1;
}

static struct load_frame frame_of(struct gathering *gathering, jmethodID method, jint bci) {
  uint32_t index = index_of(gathering, method);
  int32_t line = index == NOT_FOUND ? -1 : line_at(&gathering->methods[index], bci);
  return (struct load_frame){.name = index, .bci = bci, .line = line};
}

void gather_begin(struct gathering *gathering, jvmtiEnv *jvmti, JNIEnv *jni, jmethodID method) {
  *gathering = (struct gathering){.jvmti = jvmti, .jni = jni};
  (void)index_of(gathering, method);
}

static const jvmtiCompiledMethodLoadInlineRecord *inline_record(const void *compile_info) {
  const jvmtiCompiledMethodLoadRecordHeader *header = compile_info;
  while (header != NULL && (header->kind != JVMTI_CMLR_INLINE_INFO ||
                            header->majorinfoversion != JVMTI_CMLR_MAJOR_VERSION_1)) {
    header = header->next;
  }
  return (const jvmtiCompiledMethodLoadInlineRecord *)header;
}

static bool allocate(struct gathering *gathering, size_t pcs, size_t frames) {
  gathering->pcs = malloc(pcs * sizeof *gathering->pcs);
  gathering->frames = malloc(frames * sizeof *gathering->frames);
  return gathering->pcs != NULL && gathering->frames != NULL;
}

static bool is_usable(const PCStackInfo *info) {
  return info->numstackframes > 0 && info->numstackframes <= MOST_FRAMES_OF_PC;
}

static void gather_inlined(struct gathering *gathering,
                           const jvmtiCompiledMethodLoadInlineRecord *record) {
  size_t frames = 0;
  for (jint i = 0; i < record->numpcs; i++) {
    frames += is_usable(&record->pcinfo[i]) ? (size_t)record->pcinfo[i].numstackframes : 0;
  }
  if (frames == 0 || frames > UINT32_MAX || !allocate(gathering, (size_t)record->numpcs, frames)) {
    return;
  }
  uint32_t at = 0;
  for (jint i = 0; i < record->numpcs; i++) {
    const PCStackInfo *info = &record->pcinfo[i];
    if (is_usable(info)) {
      gathering->pcs[gathering->pc_count++] = (struct load_pc){
          .pc = (uint64_t)info->pc,
          .first_frame = at,
          .frame_count = (uint32_t)info->numstackframes,
      };
      for (jint frame = 0; frame < info->numstackframes; frame++) {
        gathering->frames[at++] = frame_of(gathering, info->methods[frame], info->bcis[frame]);
      }
    }
  }
}

static void gather_plain(struct gathering *gathering, const jvmtiAddrLocationMap *map,
                         jint length) {
  if (!allocate(gathering, (size_t)length, (size_t)length)) {
    return;
  }
  for (jint i = 0; i < length; i++) {
    uint32_t at = gathering->pc_count++;
    gathering->pcs[at] = (struct load_pc){
        .pc = (uint64_t)map[i].start_address,
        .first_frame = at,
        .frame_count = 1,
    };
    gathering->frames[at] =
        frame_of(gathering, gathering->methods[0].method, (jint)map[i].location);
  }
}

void gather_pcs(struct gathering *gathering, const void *compile_info,
                const jvmtiAddrLocationMap *map, jint map_length) {
  const jvmtiCompiledMethodLoadInlineRecord *record = inline_record(compile_info);
  if (gathering->name_count == 0) {
    return;
  }
  if (record != NULL && record->numpcs > 0 && record->numpcs <= MOST_PCS) {
    gather_inlined(gathering, record);
  } else if (map != NULL && map_length > 0 && map_length <= MOST_PCS) {
    gather_plain(gathering, map, map_length);
  }
  for (uint32_t i = 1; i < gathering->pc_count; i++) {
    if (gathering->pcs[i - 1].pc > gathering->pcs[i].pc) {
      qsort(gathering->pcs, gathering->pc_count, sizeof *gathering->pcs, by_pc);
      break;
    }
  }
}

void gather_end(struct gathering *gathering) {
  jvmtiEnv *jvmti = gathering->jvmti;
  for (uint32_t i = 0; i < gathering->name_count; i++) {
    const struct method_name *name = &gathering->names[i];
    (*jvmti)->Deallocate(jvmti, (unsigned char *)name->class_signature);
    (*jvmti)->Deallocate(jvmti, (unsigned char *)name->name);
    (*jvmti)->Deallocate(jvmti, (unsigned char *)name->descriptor);
    (*jvmti)->Deallocate(jvmti, (unsigned char *)name->source_file);
    (*jvmti)->Deallocate(jvmti, (unsigned char *)gathering->methods[i].lines);
  }
  free(gathering->methods);
  free(gathering->names);
  free(gathering->buckets);
  free(gathering->pcs);
  free(gathering->frames);
}
