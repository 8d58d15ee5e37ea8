/*
 * Ids: a slot, and how often the slot was given to another method:
 *
 *   31   30      23 22                0
 *   +---+----------+-------------------+
 *   | 0 |generation|       slot        |
 *   +---+----------+-------------------+
 *
 * So an id that somebody kept for too long finds nothing, rather than another method.
 */
#include "codemap_methods.h"

#include <stdlib.h>
#include <string.h>

enum {
  SLOT_BITS = 23,
  SLOT_MASK = (1 << SLOT_BITS) - 1,
  FIRST_SLOTS = 1024,
  FIRST_BUCKETS = 1024,
};

#define ABSENT_PART UINT32_MAX

/* A class file holds no longer names: their length has two bytes. */
#define MOST_PART_BYTES 65535

struct parts {
  const char *text[METHOD_NAME_PARTS];
  uint32_t lengths[METHOD_NAME_PARTS];
  uint32_t hash;
  size_t bytes;
};

static struct parts parts_of(const struct method_name *name) {
  struct parts parts = {
      .text = {name->class_signature, name->name, name->descriptor, name->source_file}};
  uint32_t hash = 2166136261u; /* FNV-1a */
  parts.bytes = sizeof(struct method);
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    if (parts.text[i] == NULL) {
      parts.lengths[i] = ABSENT_PART;
      continue;
    }
    parts.lengths[i] = (uint32_t)strnlen(parts.text[i], MOST_PART_BYTES);
    parts.bytes += parts.lengths[i] + 1;
    for (uint32_t at = 0; at < parts.lengths[i]; at++) {
      hash = (hash ^ (unsigned char)parts.text[i][at]) * 16777619u;
    }
    hash = (hash ^ '\n') * 16777619u;
  }
  parts.hash = hash;
  return parts;
}

static size_t size_of(const struct method *method) {
  size_t bytes = sizeof(struct method);
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    bytes += method->lengths[i] == ABSENT_PART ? 0 : method->lengths[i] + 1;
  }
  return bytes;
}

static bool has_parts(const struct method *method, const struct parts *parts) {
  if (method->hash != parts->hash ||
      memcmp(method->lengths, parts->lengths, sizeof parts->lengths) != 0) {
    return false;
  }
  const char *at = method->text;
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    if (parts->lengths[i] == ABSENT_PART) {
      continue;
    }
    if (memcmp(at, parts->text[i], parts->lengths[i]) != 0) {
      return false;
    }
    at += parts->lengths[i] + 1;
  }
  return true;
}

static struct method *find(const struct method_table *table, const struct parts *parts) {
  if (table->bucket_count == 0) {
    return NULL;
  }
  struct method *method = table->buckets[parts->hash & (table->bucket_count - 1)];
  while (method != NULL && !has_parts(method, parts)) {
    method = method->next;
  }
  return method;
}

/* Room for one more method; false without memory. */
static bool grow_buckets(struct method_table *table) {
  if (table->method_count < table->bucket_count) {
    return true;
  }
  uint32_t count = table->bucket_count == 0 ? FIRST_BUCKETS : table->bucket_count * 2;
  struct method **buckets = calloc(count, sizeof *buckets);
  if (buckets == NULL) {
    return table->bucket_count > 0; /* longer chains will do */
  }
  for (uint32_t i = 0; i < table->bucket_count; i++) {
    struct method *next;
    for (struct method *method = table->buckets[i]; method != NULL; method = next) {
      next = method->next;
      struct method **bucket = &buckets[method->hash & (count - 1)];
      method->next = *bucket;
      *bucket = method;
    }
  }
  free(table->buckets);
  table->buckets = buckets;
  table->bucket_count = count;
  return true;
}

static bool grow_slots(struct method_table *table) {
  uint32_t capacity = table->slot_capacity == 0 ? FIRST_SLOTS : table->slot_capacity * 2;
  if (capacity > SLOT_MASK) {
    return false;
  }
  struct method **slots = realloc(table->slots, capacity * sizeof *slots);
  if (slots == NULL) {
    return false;
  }
  table->slots = slots;
  uint32_t *next_free = realloc(table->next_free, capacity * sizeof *next_free);
  if (next_free == NULL) {
    return false;
  }
  table->next_free = next_free;
  uint8_t *generations = realloc(table->generations, capacity * sizeof *generations);
  if (generations == NULL) {
    return false;
  }
  table->generations = generations;
  uint32_t added = capacity - table->slot_capacity;
  memset(slots + table->slot_capacity, 0, added * sizeof *slots);
  memset(generations + table->slot_capacity, 0, added * sizeof *generations);
  table->slot_capacity = capacity;
  return true;
}

/* An empty slot, or 0 without memory. */
static uint32_t take_slot(struct method_table *table) {
  if (table->free_slot != 0) {
    uint32_t slot = table->free_slot;
    table->free_slot = table->next_free[slot];
    return slot;
  }
  if (table->slot_count == 0) {
    table->slot_count = 1; /* id 0 says unknown */
  }
  if (table->slot_count >= table->slot_capacity && !grow_slots(table)) {
    return 0;
  }
  return table->slot_count++;
}

static struct method *create(const struct parts *parts) {
  struct method *method = malloc(parts->bytes);
  if (method == NULL) {
    return NULL;
  }
  method->used = 0;
  method->references = 0;
  method->hash = parts->hash;
  memcpy(method->lengths, parts->lengths, sizeof parts->lengths);
  char *at = method->text;
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    if (parts->lengths[i] != ABSENT_PART) {
      memcpy(at, parts->text[i], parts->lengths[i]);
      at += parts->lengths[i];
      *at++ = 0;
    }
  }
  return method;
}

size_t methods_cost(const struct method_table *table, const struct method_name *name) {
  struct parts parts = parts_of(name);
  return find(table, &parts) == NULL ? parts.bytes : 0;
}

struct method *methods_acquire(struct method_table *table, const struct method_name *name,
                               size_t *bytes) {
  struct parts parts = parts_of(name);
  struct method *method = find(table, &parts);
  if (method == NULL) {
    if (!grow_buckets(table) || (method = create(&parts)) == NULL) {
      return NULL;
    }
    uint32_t slot = take_slot(table);
    if (slot == 0) {
      free(method);
      return NULL;
    }
    method->id = slot | ((uint32_t)(table->generations[slot]) << SLOT_BITS);
    struct method **bucket = &table->buckets[parts.hash & (table->bucket_count - 1)];
    method->next = *bucket;
    *bucket = method;
    table->slots[slot] = method;
    table->method_count++;
    *bytes += parts.bytes;
  }
  method->references++;
  return method;
}

void methods_release(struct method_table *table, uint32_t id, int64_t now) {
  struct method *method = methods_get(table, id);
  if (method != NULL) {
    method->references--;
    if (method->used < now) {
      method->used = now;
    }
  }
}

struct method *methods_get(const struct method_table *table, uint32_t id) {
  uint32_t slot = id & SLOT_MASK;
  if (slot >= table->slot_count) {
    return NULL;
  }
  struct method *method = table->slots[slot];
  return method != NULL && method->id == id ? method : NULL;
}

struct method_name methods_name(const struct method *method) {
  const char *parts[METHOD_NAME_PARTS];
  const char *at = method->text;
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    bool absent = method->lengths[i] == ABSENT_PART;
    parts[i] = absent ? NULL : at;
    at += absent ? 0 : method->lengths[i] + 1;
  }
  return (struct method_name){parts[0], parts[1], parts[2], parts[3]};
}

static void destroy(struct method_table *table, uint32_t slot, size_t *bytes) {
  struct method *method = table->slots[slot];
  struct method **link = &table->buckets[method->hash & (table->bucket_count - 1)];
  while (*link != method) {
    link = &(*link)->next;
  }
  *link = method->next;
  table->slots[slot] = NULL;
  table->generations[slot]++;
  table->next_free[slot] = table->free_slot;
  table->free_slot = slot;
  table->method_count--;
  *bytes -= size_of(method);
  free(method);
}

void methods_sweep(struct method_table *table, uint32_t most, int64_t before, size_t *bytes) {
  if (most > table->slot_count) {
    most = table->slot_count;
  }
  for (uint32_t i = 0; i < most; i++) {
    table->sweep_at = table->sweep_at + 1 < table->slot_count ? table->sweep_at + 1 : 1;
    uint32_t slot = table->sweep_at;
    struct method *method = slot < table->slot_count ? table->slots[slot] : NULL;
    if (method != NULL && method->references == 0 && method->used < before) {
      destroy(table, slot, bytes);
    }
  }
}

void methods_clear(struct method_table *table) {
  for (uint32_t i = 0; i < table->slot_count; i++) {
    free(table->slots[i]);
  }
  free(table->slots);
  free(table->next_free);
  free(table->generations);
  free(table->buckets);
  *table = (struct method_table){0};
}
