/*
 * The libraries of this process: where their code lies, where they keep their call frame
 * information, and their exported functions by name. The list comes from /proc/self/maps, all else
 * from the libraries' memory by safe reads: no lock of the dynamic linker is taken, and one that is
 * closed at this moment does no harm.
 */
#ifndef PFAGENT_UNWIND_MODULES_H
#define PFAGENT_UNWIND_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#include "unwind_memory.h"

enum { UNWIND_MODULES = 256, UNWIND_MODULE_NAME = 64, UNWIND_SYMBOL_NAME = 128 };

/* A function that a library exports. */
struct unwind_export {
  uint64_t low;
  uint64_t high;
  uint32_t name; /* offset in the string table */
};

struct unwind_module {
  uint64_t low; /* of its executable mappings */
  uint64_t high;
  uint64_t base;         /* where its ELF header lies */
  uint64_t frame_header; /* .eh_frame_hdr; 0: none */
  uint64_t bias;         /* what is added to the addresses in the file */
  uint64_t dynamic;
  uint64_t strings;
  char name[UNWIND_MODULE_NAME]; /* the file's, without folders */
  struct unwind_export *exports; /* sorted; had when they are first asked for */
  uint32_t export_count;
  bool exports_read;
};

struct unwind_modules {
  struct unwind_module modules[UNWIND_MODULES]; /* sorted by address */
  int count;
  bool missed;     /* a pc was looked for in vain */
  int64_t read_at; /* CLOCK_MONOTONIC, nanoseconds */
};

/*
 * Reads /proc/self/maps if a pc was looked for in vain, a second apart at least, and every ten
 * seconds. True: the list is a new one, and what was derived from the former must be dropped.
 */
bool unwind_modules_refresh(struct unwind_modules *modules, struct unwind_memory *memory,
                            int64_t now);

/* Takes a module's ELF header in; false if it has none. Refresh does this for all. */
bool unwind_module_read(struct unwind_module *module, struct unwind_memory *memory);

void unwind_modules_free(struct unwind_modules *modules);

/* The module with this pc in its code, or null. */
struct unwind_module *unwind_module_at(struct unwind_modules *modules, uint64_t pc);

/* Copies the name of the exported function with this pc; false if it is in none. */
bool unwind_module_symbol(struct unwind_module *module, struct unwind_memory *memory, uint64_t pc,
                          char name[UNWIND_SYMBOL_NAME]);

#endif
