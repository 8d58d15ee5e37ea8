/*
 * Compiled code or a stub, as the map keeps it: one block of memory.
 *
 *   code_entry | code_pc ... | code_scope ... | page_link ...
 *
 * A pc leads to its innermost scope, a scope to that of its caller; pcs share the scopes of common
 * callers:
 *
 *   pc +24 --> indexOf, bci 7 --> parse, bci 3 --> (none: parse is the compiled method)
 *   pc +40 --> isDigit, bci 1 ------^
 */
#ifndef PFAGENT_CODEMAP_ENTRY_H
#define PFAGENT_CODEMAP_ENTRY_H

#include "codemap.h"
#include "codemap_index.h"

#define NO_SCOPE UINT32_MAX

/* In a scope: code has less than 65536 bytes, so has no such bci (JVMS 4.7.3). */
#define NO_BCI UINT16_MAX
#define NO_LINE 0

struct code_pc {
  uint32_t offset; /* from the start of the code */
  uint32_t scope;
};

struct code_scope {
  uint32_t caller; /* index of a scope, or NO_SCOPE */
  uint32_t method; /* id; until the entry is linked: index of a name */
  uint16_t bci;
  uint16_t line;
};

struct code_entry {
  struct code_entry *previous; /* among the live ones */
  struct code_entry *next;     /* among the live ones, or the retired ones */
  uint64_t start;
  uint64_t end;
  uint64_t key;
  int64_t loaded;
  int64_t unloaded; /* INT64_MAX: not yet */
  uint64_t sequence;
  size_t bytes;
  uint32_t method; /* id */
  int32_t compile_id;
  enum frame_type type;
  uint32_t pc_count;
  uint32_t scope_count;
  uint32_t link_count;
  struct code_pc *pcs; /* ascending */
  struct code_scope *scopes;
  struct page_link *links;
};

/*
 * An entry whose scopes still hold indexes of names. Null: no memory, or more than `most_bytes`.
 */
struct code_entry *entry_create(const struct code_load *load, bool inlining, size_t most_bytes);

/* The frames at an address, as codemap_frames() gives them. */
int entry_frames(const struct code_entry *entry, uint64_t pc, enum pc_kind kind,
                 struct code_frame *frames, int most);

#endif
