#ifndef PFAGENT_CLOCK_H
#define PFAGENT_CLOCK_H

#include <stdint.h>
#include <time.h>

/* What System.nanoTime() gives. */
static inline int64_t monotonic_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

#endif
