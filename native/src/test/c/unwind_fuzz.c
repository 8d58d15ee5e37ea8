/*
 * Walks the samples of a picture, as they are and with changed registers and stacks. Usage:
 * unwind_fuzz PICTURE SECONDS [SEED]. Meant to be built with -fsanitize=address,undefined.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "unwind_names.h"
#include "unwind_picture.h"

enum { MOST_FRAMES = 1024, MOST_CHANGES = 8, MOST_STEPS_NANOS = 50000000 };

struct region {
  struct picture_region bounds;
  uint8_t *bytes;
};

struct sample {
  struct picture_sample head;
  uint8_t *stack;
};

static struct region *regions;
static uint64_t region_count;
static struct sample *samples;
static uint64_t sample_count;
static struct unwind_jvm jvm;
static struct unwind_names names;
static struct unwind_frame frames[MOST_FRAMES];

static void fail(const char *what) {
  fprintf(stderr, "unwind_fuzz: %s\n", what);
  exit(1);
}

static void *read_bytes(FILE *file, uint64_t bytes) {
  void *block = malloc(bytes);
  if (block == NULL || fread(block, 1, bytes, file) != bytes) {
    fail("the picture is cut short");
  }
  return block;
}

static bool source(void *context, uint64_t address, void *target, size_t size) {
  (void)context;
  uint64_t low = 0;
  uint64_t high = region_count;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    const struct region *region = &regions[middle];
    if (address >= region->bounds.high) {
      low = middle + 1;
    } else if (address < region->bounds.low) {
      high = middle;
    } else {
      bool within = size <= region->bounds.high - address;
      if (within) {
        memcpy(target, region->bytes + (address - region->bounds.low), size);
      }
      return within;
    }
  }
  return false;
}

static uint32_t intern(void *context, const struct method_name *name, int64_t now) {
  (void)context, (void)now;
  return 1 + (uint32_t)(strlen(name->class_signature) + strlen(name->name));
}

static void load(const char *path) {
  FILE *file = fopen(path, "rbe");
  struct picture_head head;
  if (file == NULL || fread(&head, sizeof head, 1, file) != 1 || head.magic != PICTURE_MAGIC ||
      head.code_bytes != sizeof jvm.code || head.module_count > UNWIND_MODULES) {
    fail("no picture, or one of another build");
  }
  unwind_memory_init(&jvm.memory, source, NULL);
  void *code = read_bytes(file, sizeof jvm.code);
  memcpy(&jvm.code, code, sizeof jvm.code);
  free(code);
  void *modules = read_bytes(file, head.module_count * sizeof(struct unwind_module));
  memcpy(jvm.modules.modules, modules, head.module_count * sizeof(struct unwind_module));
  free(modules);
  jvm.modules.count = (int)head.module_count;
  region_count = head.region_count;
  sample_count = head.sample_count;
  regions = calloc(region_count, sizeof *regions);
  samples = calloc(sample_count, sizeof *samples);
  for (uint64_t i = 0; i < region_count; i++) {
    if (fread(&regions[i].bounds, sizeof regions[i].bounds, 1, file) != 1) {
      fail("the picture is cut short");
    }
    regions[i].bytes = read_bytes(file, regions[i].bounds.high - regions[i].bounds.low);
  }
  for (uint64_t i = 0; i < sample_count; i++) {
    if (fread(&samples[i].head, sizeof samples[i].head, 1, file) != 1) {
      fail("the picture is cut short");
    }
    samples[i].stack = read_bytes(file, samples[i].head.stack_bytes);
  }
  fclose(file);
}

/* What a wrong pointer looks like: code, stack, metadata, an edge, or anything. */
static uint64_t strange_word(uint64_t any, const struct sample *sample) {
  const struct region *region = &regions[any / 7 % region_count];
  uint64_t span = region->bounds.high - region->bounds.low;
  switch (any % 8) {
    case 0:
      return jvm.code.low + any / 8 % (jvm.code.high - jvm.code.low);
    case 1:
      return sample->head.registers.value[UNWIND_SP] + any / 8 % (2 * sample->head.stack_bytes + 1);
    case 2:
      return region->bounds.low + any / 8 % span;
    case 3:
      return region->bounds.high - any / 8 % 16;
    case 4:
      return jvm.code.call_stub_return;
    case 5:
      return jvm.code.interpreter.low + any / 8 % 4096;
    case 6:
      return any % 2 == 0 ? 0 : UINT64_MAX - any / 8 % 64;
    default:
      return any;
  }
}

static uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13; /* xorshift, Marsaglia 2003 */
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static int64_t cpu_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct unwind_result walk(const struct unwind_registers *registers,
                                 const struct unwind_stack *stack) {
  struct unwind_result result = unwind_walk(&jvm, registers, stack, frames, MOST_FRAMES);
  if (result.count < 0 || result.count > MOST_FRAMES || result.carrier_from > result.count ||
      result.end > UNWIND_END_TOO_DEEP) {
    fail("a walk gave nonsense");
  }
  for (int i = 0; i < result.count; i++) {
    unwind_name(&names, &jvm, &frames[i], names.now);
  }
  return result;
}

/* As they were taken, all samples are walked to their end. */
static void walk_as_taken(void) {
  uint64_t complete = 0;
  for (uint64_t i = 0; i < sample_count; i++) {
    struct unwind_stack stack = {samples[i].head.registers.value[UNWIND_SP],
                                 samples[i].head.stack_bytes, samples[i].stack};
    complete += walk(&samples[i].head.registers, &stack).end == UNWIND_END_COMPLETE;
  }
  printf("%lu samples, %lu complete\n", (unsigned long)sample_count, (unsigned long)complete);
  if (complete * 10 < sample_count * 9) {
    fail("the samples of the picture are not walked right");
  }
}

static int64_t walk_changed(const struct sample *sample, uint64_t *random, unsigned long *ends) {
  struct unwind_registers registers = sample->head.registers;
  uint64_t bytes = sample->head.stack_bytes;
  if (next_random(random) % 8 == 0) {
    bytes = next_random(random) % (bytes + 1);
  }
  uint8_t *copy = malloc(bytes + 1); /* exactly so large that a read behind it is noticed */
  memcpy(copy, sample->stack, bytes);
  for (uint64_t i = next_random(random) % MOST_CHANGES; i > 0; i--) {
    uint64_t where = next_random(random);
    uint64_t word = strange_word(next_random(random), sample);
    if (where % 4 == 0) {
      registers.value[where / 4 % UNWIND_REGISTERS] = word;
    } else if (bytes >= 8) {
      uint64_t near = where % 2 == 0 ? bytes : (bytes < 2048 ? bytes : 2048);
      memcpy(copy + where / 4 % (near - 7) / 8 * 8, &word, sizeof word);
    }
  }
  struct unwind_stack stack = {registers.value[UNWIND_SP], bytes, copy};
  int64_t begin = cpu_nanos();
  ends[walk(&registers, &stack).end]++;
  int64_t nanos = cpu_nanos() - begin;
  free(copy);
  return nanos;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fail("usage: unwind_fuzz PICTURE SECONDS [SEED]");
  }
  load(arguments[1]);
  names.intern = intern;
  unwind_names_begin(&names, 0, 1);
  walk_as_taken();
  uint64_t random = count > 3 ? strtoull(arguments[3], NULL, 10) | 1 : 1;
  time_t end = time(NULL) + atol(arguments[2]);
  unsigned long walks = 0;
  unsigned long ends[UNWIND_END_TOO_DEEP + 1] = {0};
  int64_t longest = 0;
  for (; time(NULL) < end; walks++) {
    int64_t nanos = walk_changed(&samples[next_random(&random) % sample_count], &random, ends);
    longest = nanos > longest ? nanos : longest;
    if (walks % 1000 == 0) {
      unwind_memory_forget(&jvm.memory);
    }
  }
  printf("%lu changed walks, longest %ld us; ends", walks, (long)(longest / 1000));
  for (int i = 0; i <= UNWIND_END_TOO_DEEP; i++) {
    printf(" %lu", ends[i]);
  }
  printf("\n");
  if (longest > MOST_STEPS_NANOS) {
    fail("a walk took too long");
  }
  printf("passed\n");
  return 0;
}
