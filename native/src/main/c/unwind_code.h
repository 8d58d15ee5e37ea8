/*
 * HotSpot's code cache: whose code a pc is, how large its frame is, and whether an address is one
 * that a call returns to. All of it is read from the JVM's own structures
 * (src/hotspot/share/memory/heap.hpp, code/codeBlob.hpp, compiler/oopMap.hpp). In three files:
 * where the code lies (unwind_code.c), blobs (unwind_blob.c), and return addresses
 * (unwind_return.c).
 */
#ifndef PFAGENT_UNWIND_CODE_H
#define PFAGENT_UNWIND_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "unwind_layout.h"
#include "unwind_memory.h"

enum unwind_blob_kind {
  UNWIND_BLOB_JAVA,     /* a compiled method */
  UNWIND_BLOB_WRAPPER,  /* a compiled native method: the call to its C function */
  UNWIND_BLOB_ROUTINES, /* one of the StubRoutines, in one of their blobs */
  UNWIND_BLOB_UPCALL,   /* C calls Java through java.lang.foreign */
  UNWIND_BLOB_OTHER,    /* a runtime stub, an adapter, a vtable stub */
};

/* In place of a compile id: known from earlier, and freed since, perhaps before the sample. */
enum { UNWIND_GONE = -1 };

struct unwind_blob {
  uint64_t address;
  uint64_t code_begin;
  uint64_t code_end;
  int32_t frame_words;    /* 0: it has no frame of a fixed size */
  int32_t frame_complete; /* bytes from code_begin; before it the frame is being made */
  int32_t compile_id;     /* of a compiled method: never given twice; UNWIND_GONE */
  enum unwind_blob_kind kind;
};

enum unwind_return {
  UNWIND_NOT_RETURN,
  UNWIND_RETURN_INTERPRETED,
  UNWIND_RETURN_COMPILED, /* into a blob with a frame */
  UNWIND_RETURN_ENTRY,    /* into the call stub, by which C++ calls Java */
  UNWIND_RETURN_UPCALL,
  UNWIND_RETURN_BARRIER, /* the rest of this stack is not on the thread's */
};

struct unwind_heap {
  uint64_t low;
  uint64_t high; /* of what is committed */
  uint64_t map;  /* a byte per segment: how far back its block begins */
  uint64_t map_high;
  uint64_t structure;
  uint32_t log2_segment;
};

/* Names of blobs are constants of the JVM: compared once, then known by their address. */
struct unwind_name {
  uint64_t address;
  enum unwind_blob_kind kind;
};

struct unwind_return_entry {
  uint64_t pc;
  struct unwind_blob blob;
  enum unwind_return verdict;
};

enum { UNWIND_HEAPS = 4, UNWIND_NAMES = 64, UNWIND_RETURNS = 4096, UNWIND_ENTRY_CODELETS = 64 };

struct unwind_range {
  uint64_t low;
  uint64_t high;
};

struct unwind_code {
  struct unwind_layout layout;
  struct unwind_heap heaps[UNWIND_HEAPS];
  int heap_count;
  uint64_t low; /* of all heaps */
  uint64_t high;
  struct unwind_range interpreter;
  struct unwind_range method_entries[UNWIND_ENTRY_CODELETS]; /* where a frame is being made */
  int method_entry_count;
  uint64_t call_stub_return;
  struct unwind_name names[UNWIND_NAMES];
  int name_count;
  struct unwind_return_entry returns[UNWIND_RETURNS];
};

/* Finds the code heaps and the interpreter; false if they are not what they should be. */
bool unwind_code_init(struct unwind_code *code, struct unwind_memory *memory,
                      const struct unwind_layout *layout);

/* Takes notice of code heaps that have grown. */
void unwind_code_refresh(struct unwind_code *code, struct unwind_memory *memory);

static inline bool unwind_is_jvm_code(const struct unwind_code *code, uint64_t pc) {
  return pc >= code->low && pc < code->high;
}

static inline bool unwind_is_interpreter(const struct unwind_code *code, uint64_t pc) {
  return pc >= code->interpreter.low && pc < code->interpreter.high;
}

/* Whether the interpreter is entering a method there. */
bool unwind_is_method_entry(const struct unwind_code *code, uint64_t pc);

/* The blob with this pc in its code; false if there is none. */
bool unwind_find_blob(struct unwind_code *code, struct unwind_memory *memory, uint64_t pc,
                      struct unwind_blob *blob);

/* Whether no code lies at a pc, at the moment. */
bool unwind_is_code_free(const struct unwind_code *code, struct unwind_memory *memory, uint64_t pc);

/*
 * Whether a call returns to this pc, by the record that HotSpot keeps for every call in compiled
 * code (its oop map). `blob` is filled where the verdict says compiled.
 */
enum unwind_return unwind_return_at(struct unwind_code *code, struct unwind_memory *memory,
                                    uint64_t pc, struct unwind_blob *blob);

/* The same for callers that keep no record, such as those of arraycopy: a call stands before it. */
enum unwind_return unwind_leaf_return_at(struct unwind_code *code, struct unwind_memory *memory,
                                         uint64_t pc, struct unwind_blob *blob);

/* Whether pc is where a deoptimised frame of this method returns to, rather than its own pc. */
bool unwind_is_deopt_handler(struct unwind_code *code, struct unwind_memory *memory,
                             const struct unwind_blob *blob, uint64_t pc);

#endif
