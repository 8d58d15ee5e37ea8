/*
 * Which code touches a page: a hash table of pages, with a link for each page of each piece of
 * code. For codemap.c alone, under its lock.
 */
#ifndef PFAGENT_CODEMAP_INDEX_H
#define PFAGENT_CODEMAP_INDEX_H

#include "codemap.h"

/* Not the machine's page: a size that holds a handful of methods. */
enum { INDEX_PAGE_SHIFT = 12 };

/* In the chain of its page's bucket, which holds links of other pages too. */
struct page_link {
  struct page_link *next;
  struct code_entry *entry;
};

static inline uint64_t index_page(uint64_t address) {
  return address >> INDEX_PAGE_SHIFT;
}

/* False without memory. */
bool index_open(struct code_index *index);

void index_close(struct code_index *index);

void index_add(struct code_index *index, struct code_entry *entry);

void index_remove(struct code_index *index, struct code_entry *entry);

/* The links of a page, among others. */
struct page_link *index_chain(const struct code_index *index, uint64_t page);

#endif
