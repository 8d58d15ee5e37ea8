#include "codemap.h"

#include <stdlib.h>
#include <string.h>

#include "codemap_entry.h"
#include "codemap_index.h"
#include "codemap_methods.h"

enum {
  /* What a load or unload does of the clearing away, so that none takes long. */
  ENTRIES_PER_SWEEP = 32,
  METHODS_PER_SWEEP = 64,
};

/* A code cache has 2 GB at most (ReservedCodeCacheSize); one method never comes near this. */
#define MOST_CODE_BYTES (1u << 28)

static int64_t *live_count(struct codemap *map, const struct code_entry *entry) {
  return entry->type == FRAME_COMPILED ? &map->counts.methods : &map->counts.stubs;
}

/* Gives an entry back that is in no list any more. */
static void forget(struct codemap *map, struct code_entry *entry, int64_t now) {
  index_remove(&map->index, entry);
  methods_release(&map->methods, entry->method, now);
  for (uint32_t i = 0; i < entry->scope_count; i++) {
    methods_release(&map->methods, entry->scopes[i].method, now);
  }
  map->bytes -= entry->bytes;
  free(entry);
}

static void retire(struct codemap *map, struct code_entry *entry, int64_t now) {
  if (entry->previous != NULL) {
    entry->previous->next = entry->next;
  } else {
    map->live = entry->next;
  }
  if (entry->next != NULL) {
    entry->next->previous = entry->previous;
  }
  entry->unloaded = now;
  entry->previous = NULL;
  entry->next = NULL;
  if (map->retired_tail != NULL) {
    map->retired_tail->next = entry;
  } else {
    map->retired_head = entry;
  }
  map->retired_tail = entry;
  --*live_count(map, entry);
  map->counts.retired++;
}

static void forget_oldest(struct codemap *map, int64_t now) {
  struct code_entry *oldest = map->retired_head;
  map->retired_head = oldest->next;
  if (map->retired_head == NULL) {
    map->retired_tail = NULL;
  }
  map->counts.retired--;
  if (map->complete_since < oldest->unloaded) {
    map->complete_since = oldest->unloaded;
  }
  forget(map, oldest, now);
}

/* Gives back at most so many entries and methods that are past their time. */
static void sweep(struct codemap *map, int64_t now, uint32_t entries, uint32_t methods) {
  for (uint32_t i = 0; i < entries && map->retired_head != NULL &&
                       map->retired_head->unloaded + CODEMAP_RETENTION_NANOS < now;
       i++) {
    forget_oldest(map, now);
  }
  methods_sweep(&map->methods, methods, now - CODEMAP_NAME_RETENTION_NANOS, &map->bytes);
}

/* Whether there is room for so many more bytes, if need be at the cost of unloaded methods. */
static bool make_room(struct codemap *map, size_t bytes, int64_t now) {
  while (map->bytes + bytes > map->most_bytes && map->retired_head != NULL) {
    forget_oldest(map, now);
  }
  if (map->bytes + bytes > map->most_bytes) {
    methods_sweep(&map->methods, METHODS_PER_SWEEP, now - CODEMAP_RETENTION_NANOS, &map->bytes);
  }
  return map->bytes + bytes <= map->most_bytes;
}

static bool is_stub(enum frame_type type) {
  return type != FRAME_COMPILED;
}

/* Whether two compile ids may be those of the same code. */
static bool may_be_same(int32_t one, int32_t other) {
  return one == other || one == COMPILE_ID_UNKNOWN || other == COMPILE_ID_UNKNOWN;
}

/*
 * Code that lies where other code is said to be: then that is gone, and its unload event is still
 * on the way. But stubs are reported with the blob around them too, and some code is reported
 * twice. Returns whether it is known already.
 */
static bool displace(struct codemap *map, const struct code_entry *entry, int64_t now) {
  for (uint32_t i = 0; i < entry->link_count; i++) {
    for (struct page_link *link = index_chain(&map->index, index_page(entry->start) + i);
         link != NULL; link = link->next) {
      struct code_entry *other = link->entry;
      if (other->unloaded != INT64_MAX || other->start >= entry->end ||
          entry->start >= other->end) {
        continue;
      }
      bool same_place = other->start == entry->start && other->end == entry->end;
      bool same_code = other->type == entry->type && other->key == entry->key &&
                       may_be_same(other->compile_id, entry->compile_id);
      if (same_place && same_code && !is_stub(entry->type)) {
        other->loaded = entry->loaded < other->loaded ? entry->loaded : other->loaded;
        return true;
      }
      if (is_stub(other->type) && is_stub(entry->type)) {
        if (same_place) {
          return true;
        }
        continue;
      }
      retire(map, other, now);
    }
  }
  return false;
}

/* The id of a method, with a reference; what can't be had is unknown. */
static uint32_t acquire(struct codemap *map, const struct method_name *name) {
  if (name->class_signature == NULL || name->name == NULL) {
    return CODEMAP_UNKNOWN_METHOD;
  }
  const struct method *method = methods_acquire(&map->methods, name, &map->bytes);
  return method == NULL ? CODEMAP_UNKNOWN_METHOD : method->id;
}

/* Replaces indexes of names by ids. */
static void intern_names(struct codemap *map, struct code_entry *entry,
                         const struct code_load *load) {
  entry->method = load->name_count > 0 ? acquire(map, &load->names[0]) : CODEMAP_UNKNOWN_METHOD;
  for (uint32_t i = 0; i < entry->scope_count; i++) {
    uint32_t name = entry->scopes[i].method;
    entry->scopes[i].method =
        name < load->name_count ? acquire(map, &load->names[name]) : CODEMAP_UNKNOWN_METHOD;
  }
}

static size_t names_cost(const struct codemap *map, const struct code_load *load) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < load->name_count; i++) {
    bytes += methods_cost(&map->methods, &load->names[i]);
  }
  return bytes;
}

static void add(struct codemap *map, struct code_entry *entry, const struct code_load *load) {
  intern_names(map, entry, load);
  entry->sequence = map->sequence++;
  entry->next = map->live;
  if (map->live != NULL) {
    map->live->previous = entry;
  }
  map->live = entry;
  map->bytes += entry->bytes;
  ++*live_count(map, entry);
  index_add(&map->index, entry);
}

/* With the lock held; takes the entry over if it is added. */
static enum codemap_result add_if_room(struct codemap *map, struct code_entry *entry,
                                       const struct code_load *load) {
  if (!map->open) {
    return CODEMAP_CLOSED;
  }
  sweep(map, load->now, ENTRIES_PER_SWEEP, METHODS_PER_SWEEP);
  if (displace(map, entry, load->now)) {
    return CODEMAP_KNOWN;
  }
  if (!make_room(map, entry->bytes + names_cost(map, load), load->now)) {
    return CODEMAP_DROPPED;
  }
  add(map, entry, load);
  return CODEMAP_ADDED;
}

static enum codemap_result try_load(struct codemap *map, const struct code_load *load,
                                    bool inlining) {
  struct code_entry *entry = entry_create(load, inlining, map->most_bytes);
  if (entry == NULL) {
    return CODEMAP_DROPPED;
  }
  pthread_mutex_lock(&map->lock);
  enum codemap_result result = add_if_room(map, entry, load);
  pthread_mutex_unlock(&map->lock);
  if (result != CODEMAP_ADDED) {
    free(entry);
  }
  return result;
}

enum codemap_result codemap_load(struct codemap *map, const struct code_load *load) {
  bool believable = load->size > 0 && load->size <= MOST_CODE_BYTES &&
                    load->start <= UINT64_MAX - load->size;
  enum codemap_result result = believable ? try_load(map, load, true) : CODEMAP_DROPPED;
  bool without_inlining = believable && result == CODEMAP_DROPPED && load->pc_count > 0;
  if (without_inlining) {
    struct code_load outline = *load;
    outline.name_count = load->name_count > 0;
    outline.pc_count = 0;
    result = try_load(map, &outline, false);
  }
  pthread_mutex_lock(&map->lock);
  map->counts.loads += result == CODEMAP_ADDED;
  map->counts.without_inlining += result == CODEMAP_ADDED && without_inlining;
  map->counts.dropped += result == CODEMAP_DROPPED;
  map->complete_since = result == CODEMAP_DROPPED ? INT64_MAX : map->complete_since;
  pthread_mutex_unlock(&map->lock);
  return result;
}

void codemap_unload(struct codemap *map, uint64_t start, uint64_t key, int64_t now) {
  pthread_mutex_lock(&map->lock);
  if (map->open) {
    for (struct page_link *link = index_chain(&map->index, index_page(start)); link != NULL;
         link = link->next) {
      struct code_entry *entry = link->entry;
      if (entry->start == start && entry->key == key && entry->unloaded == INT64_MAX) {
        retire(map, entry, now);
        map->counts.unloads++;
        break;
      }
    }
    sweep(map, now, ENTRIES_PER_SWEEP, METHODS_PER_SWEEP);
  }
  pthread_mutex_unlock(&map->lock);
}

/* Whether `entry` rather than `best` was what lay there; both cover the pc at the time. */
static bool is_better(const struct code_entry *entry, const struct code_entry *best) {
  if (best == NULL || is_stub(entry->type) != is_stub(best->type)) {
    return best == NULL || is_stub(best->type);
  }
  if (is_stub(entry->type)) { /* the stub rather than the blob around it */
    return entry->end - entry->start < best->end - best->start;
  }
  return entry->sequence < best->sequence;
}

/* Whether code was there at a time, by what the JVM told of it; it tells late. */
static bool may_have_been_at(const struct code_entry *entry, uint64_t address, int64_t nanos) {
  return entry->start <= address && address < entry->end && entry->unloaded > nanos &&
         entry->loaded <= nanos + CODEMAP_LATENESS_NANOS;
}

/* Whether somebody has seen that it was this code which ran at the time. */
static bool is_witnessed(const struct code_entry *entry, struct code_seen code, int64_t nanos) {
  return code.compile_id != COMPILE_ID_UNKNOWN && (!code.too_late || entry->loaded <= nanos);
}

static const struct code_entry *find(const struct codemap *map, uint64_t address,
                                     struct code_seen code, int64_t nanos) {
  const struct code_entry *best = NULL;
  int methods = 0; /* that may have been there, whatever their ids */
  for (const struct page_link *link = index_chain(&map->index, index_page(address)); link != NULL;
       link = link->next) {
    const struct code_entry *entry = link->entry;
    if (may_have_been_at(entry, address, nanos)) {
      methods += !is_stub(entry->type);
      if (may_be_same(entry->compile_id, code.compile_id) && is_better(entry, best)) {
        best = entry;
      }
    }
  }
  if (best == NULL || is_stub(best->type) || is_witnessed(best, code, nanos)) {
    return best;
  }
  bool incomplete = code.too_late && nanos < map->complete_since;
  return methods == 1 && !incomplete ? best : NULL;
}

/* Whoever was given an id may ask for its names for a while. */
static void mark_used(struct codemap *map, const struct code_frame *frames, int count,
                      int64_t nanos) {
  for (int i = 0; i < count; i++) {
    struct method *method = methods_get(&map->methods, frames[i].method);
    if (method != NULL && method->used < nanos) {
      method->used = nanos;
    }
  }
}

int codemap_frames(struct codemap *map, uint64_t pc, enum pc_kind kind, struct code_seen code,
                   int64_t nanos, struct code_frame *frames, int most) {
  int count = 0;
  pthread_mutex_lock(&map->lock);
  if (map->open) {
    /* A call may be a method's last instruction: what it returns to lies behind the method. */
    const struct code_entry *entry = find(map, kind == PC_CURRENT ? pc : pc - 1, code, nanos);
    if (entry != NULL) {
      count = entry_frames(entry, pc, kind, frames, most);
      mark_used(map, frames, count, nanos);
    }
  }
  pthread_mutex_unlock(&map->lock);
  return count;
}

uint32_t codemap_intern(struct codemap *map, const struct method_name *name, int64_t now) {
  uint32_t id = CODEMAP_UNKNOWN_METHOD;
  pthread_mutex_lock(&map->lock);
  if (map->open && make_room(map, methods_cost(&map->methods, name), now)) {
    struct method *method = methods_acquire(&map->methods, name, &map->bytes);
    if (method != NULL) {
      id = method->id;
      methods_release(&map->methods, id, now);
      methods_sweep(&map->methods, METHODS_PER_SWEEP, now - CODEMAP_NAME_RETENTION_NANOS,
                    &map->bytes);
    }
  }
  pthread_mutex_unlock(&map->lock);
  return id;
}

/* One block with the four parts; null: no memory. */
static char *copy_name(const struct method_name *from, struct method_name *to) {
  const char *parts[METHOD_NAME_PARTS] = {from->class_signature, from->name, from->descriptor,
                                          from->source_file};
  const char *copies[METHOD_NAME_PARTS] = {0};
  size_t bytes = 1;
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    bytes += parts[i] == NULL ? 0 : strlen(parts[i]) + 1;
  }
  char *block = malloc(bytes);
  if (block == NULL) {
    return NULL;
  }
  char *at = block;
  for (int i = 0; i < METHOD_NAME_PARTS; i++) {
    if (parts[i] != NULL) {
      size_t length = strlen(parts[i]) + 1;
      memcpy(at, parts[i], length);
      copies[i] = at;
      at += length;
    }
  }
  *to = (struct method_name){copies[0], copies[1], copies[2], copies[3]};
  return block;
}

void *codemap_method(struct codemap *map, uint32_t id, struct method_name *name) {
  char *block = NULL;
  pthread_mutex_lock(&map->lock);
  const struct method *method = methods_get(&map->methods, id);
  if (method != NULL) {
    struct method_name own = methods_name(method);
    block = copy_name(&own, name);
  }
  pthread_mutex_unlock(&map->lock);
  return block;
}

void codemap_count(struct codemap *map, int64_t now, struct codemap_counts *counts) {
  pthread_mutex_lock(&map->lock);
  sweep(map, now, UINT32_MAX, UINT32_MAX);
  map->counts.names = map->methods.method_count;
  map->counts.bytes = (int64_t)map->bytes;
  *counts = map->counts;
  pthread_mutex_unlock(&map->lock);
}

void codemap_each(struct codemap *map, codemap_visitor *visit, void *argument) {
  pthread_mutex_lock(&map->lock);
  for (const struct code_entry *entry = map->live; entry != NULL; entry = entry->next) {
    const struct method *method = methods_get(&map->methods, entry->method);
    if (method != NULL) {
      struct method_name name = methods_name(method);
      visit(argument, entry->start, entry->end - entry->start, &name);
    }
  }
  pthread_mutex_unlock(&map->lock);
}

bool codemap_open(struct codemap *map, size_t most_bytes) {
  pthread_mutex_lock(&map->lock);
  bool opened = false;
  if (!map->open) {
    opened = index_open(&map->index);
    map->most_bytes = most_bytes;
    map->open = opened;
    map->complete_since = 0;
  }
  pthread_mutex_unlock(&map->lock);
  return opened;
}

static void free_list(struct code_entry *entry) {
  while (entry != NULL) {
    struct code_entry *next = entry->next;
    free(entry);
    entry = next;
  }
}

void codemap_close(struct codemap *map) {
  pthread_mutex_lock(&map->lock);
  map->open = false;
  free_list(map->live);
  free_list(map->retired_head);
  index_close(&map->index);
  methods_clear(&map->methods);
  map->live = NULL;
  map->retired_head = NULL;
  map->retired_tail = NULL;
  map->bytes = 0;
  map->sequence = 0;
  map->counts = (struct codemap_counts){0};
  pthread_mutex_unlock(&map->lock);
}
