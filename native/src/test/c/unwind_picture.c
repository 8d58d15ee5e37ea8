/* Takes a picture of the JVM that loads it: io.pfagent.jvm.PictureProcess. */
#include <jni.h>
#include <stdio.h>
#include <stdlib.h>

#include "unwind_picture.h"
#include "unwind_process.h"

enum { MOST_SAMPLES = 2000, MOST_REGIONS = 4096, MOST_REGION_BYTES = 48 << 20 };

struct kept_sample {
  struct picture_sample head;
  uint8_t *stack;
};

static struct kept_sample samples[MOST_SAMPLES];
static int sample_count;

static uint32_t no_intern(void *context, const struct method_name *name, int64_t now) {
  (void)context, (void)name, (void)now;
  return 1;
}

JNIEXPORT void JNICALL Java_io_pfagent_jvm_PictureProcess_keep(JNIEnv *jni, jclass self,
                                                               jlong registers, jlong stack,
                                                               jint bytes) {
  (void)jni, (void)self;
  if (sample_count == MOST_SAMPLES) {
    return;
  }
  struct kept_sample *sample = &samples[sample_count++];
  const uint64_t *words = (const uint64_t *)(uintptr_t)registers;
  for (int i = 0; i < UNWIND_PERF_COUNT; i++) {
    sample->head.registers.value[unwind_perf_order[i]] = words[i];
  }
  sample->head.stack_bytes = (uint64_t)bytes;
  sample->stack = malloc((size_t)bytes);
  memcpy(sample->stack, (const void *)(uintptr_t)stack, (size_t)bytes);
}

/* Private mappings that can be read, but for the Java heap and what else is large. */
static int find_regions(struct picture_region *regions) {
  FILE *maps = fopen("/proc/self/maps", "re");
  char line[4096];
  int count = 0;
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL && count < MOST_REGIONS) {
    unsigned long low, high;
    char rights[5];
    if (sscanf(line, "%lx-%lx %4s", &low, &high, rights) == 3 && rights[0] == 'r' &&
        rights[3] == 'p' && high - low <= MOST_REGION_BYTES) {
      regions[count++] = (struct picture_region){low, high};
    }
  }
  if (maps != NULL) {
    fclose(maps);
  }
  return count;
}

static void write_region(FILE *file, const struct picture_region *region) {
  uint8_t page[UNWIND_PAGE];
  fwrite(region, sizeof *region, 1, file);
  for (uint64_t at = region->low; at < region->high; at += sizeof page) {
    if (!unwind_self_source(NULL, at, page, sizeof page)) {
      memset(page, 0, sizeof page);
    }
    fwrite(page, sizeof page, 1, file);
  }
}

static void write_picture(FILE *file, struct unwind_process *process) {
  static struct picture_region regions[MOST_REGIONS];
  struct unwind_jvm *jvm = &process->jvm;
  struct picture_head head = {PICTURE_MAGIC, sizeof jvm->code, (uint64_t)jvm->modules.count,
                              (uint64_t)find_regions(regions), (uint64_t)sample_count};
  fwrite(&head, sizeof head, 1, file);
  fwrite(&jvm->code, sizeof jvm->code, 1, file);
  fwrite(jvm->modules.modules, sizeof jvm->modules.modules[0], (size_t)jvm->modules.count, file);
  for (uint64_t i = 0; i < head.region_count; i++) {
    write_region(file, &regions[i]);
  }
  for (int i = 0; i < sample_count; i++) {
    fwrite(&samples[i].head, sizeof samples[i].head, 1, file);
    fwrite(samples[i].stack, samples[i].head.stack_bytes, 1, file);
  }
}

JNIEXPORT jboolean JNICALL Java_io_pfagent_jvm_PictureProcess_write(JNIEnv *jni, jclass self,
                                                                    jstring path) {
  (void)self;
  char reason[256];
  void *in_libjvm = (void *)(uintptr_t)(*jni)->GetVersion;
  struct unwind_process *process =
      unwind_process_open(in_libjvm, no_intern, NULL, reason, sizeof reason);
  const char *name = (*jni)->GetStringUTFChars(jni, path, NULL);
  FILE *file = fopen(name, "we");
  (*jni)->ReleaseStringUTFChars(jni, path, name);
  if (process == NULL || file == NULL) {
    return JNI_FALSE;
  }
  unwind_process_begin(process, 0, 1);
  write_picture(file, process);
  return fclose(file) == 0;
}
