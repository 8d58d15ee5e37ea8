/*
 * A picture of a JVM: what a walk reads of it, and samples of its threads, in one file. With it,
 * walks can be repeated and fuzzed without the JVM.
 *
 *   head | struct unwind_code | modules | regions: low, high, bytes | samples: registers, stack
 */
#ifndef PFAGENT_UNWIND_PICTURE_H
#define PFAGENT_UNWIND_PICTURE_H

#include <stdint.h>

#include "unwind_stack.h"

#define PICTURE_MAGIC UINT64_C(0x3165727574636970)

struct picture_head {
  uint64_t magic;
  uint64_t code_bytes;
  uint64_t module_count;
  uint64_t region_count;
  uint64_t sample_count;
};

struct picture_region {
  uint64_t low;
  uint64_t high;
};

struct picture_sample {
  struct unwind_registers registers;
  uint64_t stack_bytes;
};

#endif
