/* The names of methods, each kept once; for codemap.c alone, under its lock. */
#ifndef PFAGENT_CODEMAP_METHODS_H
#define PFAGENT_CODEMAP_METHODS_H

#include "codemap.h"

struct method {
  struct method *next; /* in its bucket */
  int64_t used;        /* the last time that somebody saw its id */
  uint32_t id;
  uint32_t references; /* by code */
  uint32_t hash;
  uint32_t lengths[METHOD_NAME_PARTS]; /* without the zero that ends each; ABSENT_PART */
  char text[];                         /* the parts, each ended by a zero */
};

/* The bytes that interning would add; 0 if the name is there. */
size_t methods_cost(const struct method_table *table, const struct method_name *name);

/* The method of this name, with one more reference; null without memory. */
struct method *methods_acquire(struct method_table *table, const struct method_name *name,
                               size_t *bytes);

void methods_release(struct method_table *table, uint32_t id, int64_t now);

/* Null: no such method (any more). */
struct method *methods_get(const struct method_table *table, uint32_t id);

/* The names of a method, valid as long as it is. */
struct method_name methods_name(const struct method *method);

/* Frees, among the next `most` slots, the methods that nobody has used since `before`. */
void methods_sweep(struct method_table *table, uint32_t most, int64_t before, size_t *bytes);

void methods_clear(struct method_table *table);

#endif
