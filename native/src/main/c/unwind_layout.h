/*
 * Where HotSpot keeps what a walk needs, as the JVM itself tells a debugger
 * (src/hotspot/share/runtime/vmStructs.hpp): every field is looked up by name and taken only if its
 * declared type and width are those that this unwinder was written for.
 *
 * Offsets are bytes from the object's start; -1: this release has no such field.
 */
#ifndef PFAGENT_UNWIND_LAYOUT_H
#define PFAGENT_UNWIND_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unwind_layout {
  int32_t release; /* 17, 25 */

  /* Addresses of static variables; 0: none. */
  uint64_t code_heaps;             /* GrowableArray<CodeHeap*>* */
  uint64_t interpreter;            /* StubQueue* */
  uint64_t call_stub_return;       /* address */
  uint64_t continuation_return_pc; /* address; from release 21 on */

  int32_t array_length;
  int32_t array_data;
  int32_t heap_memory;
  int32_t heap_segment_map;
  int32_t heap_log2_segment;
  int32_t space_low;
  int32_t space_high;
  int32_t block_used;
  int32_t block_bytes;

  int32_t blob_name;
  int32_t blob_kind;
  int32_t blob_frame_size;
  int32_t blob_frame_complete;
  int32_t blob_frame_complete_bytes;
  int32_t blob_code_begin; /* a pointer; or, where there is none, */
  int32_t blob_code_end;
  int32_t blob_code_offset; /* bytes from the blob's start */
  int32_t blob_data_offset;
  int32_t blob_oop_maps;

  int32_t nmethod_method;
  int32_t nmethod_compile_id;
  int32_t nmethod_original_pc;
  int32_t nmethod_deopt; /* pointers, or where there is none, offsets from the blob's start */
  int32_t nmethod_deopt_mh;
  int32_t nmethod_deopt_offset;
  int32_t nmethod_deopt_mh_offset;

  int32_t oop_maps_count;
  int32_t oop_maps_bytes; /* the pairs follow the set's header */
  int32_t pair_pc_offset;
  int32_t pair_bytes;

  int32_t queue_buffer;
  int32_t queue_limit;
  int32_t codelet_size;
  int32_t codelet_description;

  int32_t wrapper_anchor;
  int32_t anchor_sp;
  int32_t anchor_pc;
  int32_t anchor_fp;
  int32_t entry_wrapper;         /* words from an entry frame's frame pointer */
  int32_t interpreter_sender_sp; /* words from an interpreted frame's frame pointer */
  int32_t upcall_frame_data;     /* in the blob: bytes from the frame's stack pointer */
  int32_t frame_data_anchor;

  int32_t method_const;
  int32_t const_constants;
  int32_t const_flags;
  int32_t const_flags_bytes;
  int32_t const_has_lines; /* the bit in the flags */
  int32_t const_code_size;
  int32_t const_name;
  int32_t const_signature;
  int32_t const_bytes; /* the bytecodes follow, then the line numbers */
  int32_t pool_holder;
  int32_t pool_source_file;
  int32_t pool_length;
  int32_t pool_bytes; /* the entries follow */
  int32_t klass_name;
  int32_t symbol_length;
  int32_t symbol_body;
};

/* The address of a field. */
static inline uint64_t unwind_at(uint64_t object, int32_t offset) {
  return object + (uint64_t)(int64_t)offset;
}

/* The address of an exported variable of libjvm, or null. */
typedef void *unwind_symbol(void *context, const char *name);

/*
 * Fills a layout. False: the JVM is none of those known; `reason` then says in words for a person
 * what is missing or of another type.
 */
bool unwind_layout_read(struct unwind_layout *layout, unwind_symbol *symbol, void *context,
                        char *reason, size_t reason_size);

#endif
