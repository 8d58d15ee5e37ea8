#include "codemap_index.h"

#include <stdlib.h>

#include "codemap_entry.h"

enum { FIRST_BUCKETS = 4096 };

static struct page_link **bucket_of(const struct code_index *index, uint64_t page) {
  /* The golden ratio's bits spread neighbouring pages. */
  return &index->buckets[(page * 0x9E3779B97F4A7C15u >> 32) & (index->bucket_count - 1)];
}

static void push(struct code_index *index, struct page_link *link) {
  uint64_t number = (uint64_t)(link - link->entry->links);
  struct page_link **bucket = bucket_of(index, index_page(link->entry->start) + number);
  link->next = *bucket;
  *bucket = link;
}

/* Twice as many buckets; without memory the chains grow longer instead. */
static void grow(struct code_index *index) {
  struct page_link **old = index->buckets;
  uint32_t old_count = index->bucket_count;
  struct page_link **buckets = calloc((size_t)old_count * 2, sizeof *buckets);
  if (buckets == NULL) {
    return;
  }
  index->buckets = buckets;
  index->bucket_count = old_count * 2;
  for (uint32_t i = 0; i < old_count; i++) {
    struct page_link *next;
    for (struct page_link *link = old[i]; link != NULL; link = next) {
      next = link->next;
      push(index, link);
    }
  }
  free(old);
}

bool index_open(struct code_index *index) {
  index->buckets = calloc(FIRST_BUCKETS, sizeof *index->buckets);
  index->bucket_count = FIRST_BUCKETS;
  index->link_count = 0;
  return index->buckets != NULL;
}

void index_close(struct code_index *index) {
  free(index->buckets);
  *index = (struct code_index){0};
}

void index_add(struct code_index *index, struct code_entry *entry) {
  index->link_count += entry->link_count;
  if (index->link_count > index->bucket_count) {
    grow(index);
  }
  for (uint32_t i = 0; i < entry->link_count; i++) {
    push(index, &entry->links[i]);
  }
}

void index_remove(struct code_index *index, struct code_entry *entry) {
  for (uint32_t i = 0; i < entry->link_count; i++) {
    struct page_link **link = bucket_of(index, index_page(entry->start) + i);
    while (*link != &entry->links[i]) {
      link = &(*link)->next;
    }
    *link = entry->links[i].next;
  }
  index->link_count -= entry->link_count;
}

struct page_link *index_chain(const struct code_index *index, uint64_t page) {
  return *bucket_of(index, page);
}
