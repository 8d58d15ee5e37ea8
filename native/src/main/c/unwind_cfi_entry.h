/* The entries of .eh_frame (Linux Standard Base, chapter 10.6), as far as unwind_cfi.c needs them.
 */
#ifndef PFAGENT_UNWIND_CFI_ENTRY_H
#define PFAGENT_UNWIND_CFI_ENTRY_H

#include "unwind_dwarf.h"

/* A frame description entry together with the common information entry that it names. */
struct unwind_description {
  uint64_t low;
  uint64_t high;
  uint64_t code_factor;
  int64_t data_factor;
  uint8_t encoding;
  bool augmented;
  bool signal_frame;
  struct unwind_cursor initial;
  struct unwind_cursor instructions;
};

/* Looks a pc up in the sorted table of .eh_frame_hdr; 0: it is in none of the descriptions. */
uint64_t unwind_find_description(struct unwind_memory *memory, uint64_t header, uint64_t pc);

/* Reads the description at an address; false: it isn't one that is understood. */
bool unwind_read_description(struct unwind_description *description, struct unwind_memory *memory,
                             uint64_t address);

#endif
