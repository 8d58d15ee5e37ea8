#include "codemap_entry.h"

#include <stdlib.h>
#include <string.h>

/* More frames than any compiler inlines into one another (MaxInlineLevel is 15, C2 adds some). */
enum { MOST_DEPTH = 512 };

/* Scopes while they are gathered; those of the last pc are at hand, outermost first. */
struct scopes {
  struct code_scope *all;
  uint32_t count;
  uint32_t depth;
  uint32_t last[MOST_DEPTH];
};

static uint16_t bci_of(const struct load_frame *frame) {
  return frame->bci >= 0 && frame->bci < NO_BCI ? (uint16_t)frame->bci : NO_BCI;
}

static uint16_t line_of(const struct load_frame *frame) {
  return frame->line > 0 && frame->line <= UINT16_MAX ? (uint16_t)frame->line : NO_LINE;
}

static bool is_scope_of(const struct code_scope *scope, const struct load_frame *frame) {
  return scope->method == frame->name && scope->bci == bci_of(frame);
}

/* The scope of a pc's innermost frame; what it shares with the pc before is not made again. */
static uint32_t add_scopes(struct scopes *scopes, const struct load_frame *frames, uint32_t count) {
  uint32_t depth = 0;
  while (depth < count && depth < scopes->depth &&
         is_scope_of(&scopes->all[scopes->last[depth]], &frames[count - 1 - depth])) {
    depth++;
  }
  for (; depth < count; depth++) {
    const struct load_frame *frame = &frames[count - 1 - depth];
    scopes->all[scopes->count] = (struct code_scope){
        .caller = depth == 0 ? NO_SCOPE : scopes->last[depth - 1],
        .method = frame->name,
        .bci = bci_of(frame),
        .line = line_of(frame),
    };
    scopes->last[depth] = scopes->count++;
  }
  scopes->depth = count;
  return scopes->last[count - 1];
}

static bool is_usable(const struct code_load *load, const struct load_pc *pc) {
  return pc->pc >= load->start && pc->pc <= load->start + load->size && pc->frame_count > 0 &&
         pc->frame_count <= MOST_DEPTH;
}

/* How many pcs can be used, and in *frames how many frames they have. */
static uint32_t count_pcs(const struct code_load *load, size_t *frames) {
  uint32_t pcs = 0;
  *frames = 0;
  for (uint32_t i = 0; i < load->pc_count; i++) {
    if (is_usable(load, &load->pcs[i])) {
      pcs++;
      *frames += load->pcs[i].frame_count;
    }
  }
  return pcs;
}

static void gather(const struct code_load *load, struct scopes *scopes, struct code_pc *pcs) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < load->pc_count; i++) {
    const struct load_pc *pc = &load->pcs[i];
    if (is_usable(load, pc)) {
      pcs[count].offset = (uint32_t)(pc->pc - load->start);
      pcs[count++].scope = add_scopes(scopes, load->frames + pc->first_frame, pc->frame_count);
    }
  }
}

static struct code_entry *assemble(const struct code_load *load, const struct code_pc *pcs,
                                   uint32_t pc_count, const struct scopes *scopes,
                                   size_t most_bytes) {
  uint32_t links =
      (uint32_t)(index_page(load->start + load->size - 1) - index_page(load->start) + 1);
  size_t pcs_at = sizeof(struct code_entry);
  size_t scopes_at = pcs_at + pc_count * sizeof(struct code_pc);
  size_t links_at = scopes_at + scopes->count * sizeof(struct code_scope);
  links_at = (links_at + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
  size_t bytes = links_at + links * sizeof(struct page_link);
  char *block = bytes <= most_bytes ? malloc(bytes) : NULL;
  if (block == NULL) {
    return NULL;
  }
  struct code_entry *entry = (struct code_entry *)block;
  *entry = (struct code_entry){
      .start = load->start,
      .end = load->start + load->size,
      .key = load->key,
      .loaded = load->since,
      .unloaded = INT64_MAX,
      .bytes = bytes,
      .compile_id = load->compile_id,
      .type = load->type,
      .pc_count = pc_count,
      .scope_count = scopes->count,
      .link_count = links,
      .pcs = (struct code_pc *)(block + pcs_at),
      .scopes = (struct code_scope *)(block + scopes_at),
      .links = (struct page_link *)(block + links_at),
  };
  if (pc_count > 0) {
    memcpy(entry->pcs, pcs, pc_count * sizeof *pcs);
    memcpy(entry->scopes, scopes->all, scopes->count * sizeof *scopes->all);
  }
  for (uint32_t i = 0; i < links; i++) {
    entry->links[i] = (struct page_link){.next = NULL, .entry = entry};
  }
  return entry;
}

struct code_entry *entry_create(const struct code_load *load, bool inlining, size_t most_bytes) {
  struct scopes scopes = {.all = NULL, .count = 0, .depth = 0};
  size_t frames = 0;
  uint32_t pc_count = inlining ? count_pcs(load, &frames) : 0;
  if (pc_count == 0) {
    return assemble(load, NULL, 0, &scopes, most_bytes);
  }
  struct code_entry *entry = NULL;
  struct code_pc *pcs = malloc(pc_count * sizeof *pcs);
  scopes.all = frames < UINT32_MAX ? malloc(frames * sizeof *scopes.all) : NULL;
  if (pcs != NULL && scopes.all != NULL) {
    gather(load, &scopes, pcs);
    entry = assemble(load, pcs, pc_count, &scopes, most_bytes);
  }
  free(scopes.all);
  free(pcs);
  return entry;
}

/* The first pc at or after an address; null: none. */
static const struct code_pc *first_pc(const struct code_entry *entry, uint64_t address) {
  uint64_t offset = address - entry->start;
  uint32_t low = 0;
  uint32_t high = entry->pc_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (entry->pcs[middle].offset < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < entry->pc_count ? &entry->pcs[low] : NULL;
}

int entry_frames(const struct code_entry *entry, uint64_t pc, enum pc_kind kind,
                 struct code_frame *frames, int most) {
  const struct code_pc *found = kind == PC_LEAF_RETURN ? NULL : first_pc(entry, pc);
  if (found != NULL && kind == PC_RETURN && found->offset != pc - entry->start) {
    found = NULL;
  }
  if (found == NULL) {
    if (most > 0) {
      frames[0] = (struct code_frame){entry->method, -1, -1, (int32_t)entry->type};
    }
    return most > 0;
  }
  int count = 0;
  for (uint32_t at = found->scope; at != NO_SCOPE && count < most; count++) {
    const struct code_scope *scope = &entry->scopes[at];
    frames[count].method = scope->method;
    frames[count].bci = scope->bci == NO_BCI ? -1 : scope->bci;
    frames[count].line = scope->line == NO_LINE ? -1 : scope->line;
    frames[count].type = scope->caller == NO_SCOPE ? (int32_t)entry->type : FRAME_INLINED;
    at = scope->caller;
  }
  return count;
}
