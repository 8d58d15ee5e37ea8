/*
 * What HotSpot's metadata says of a method: its names, its bytecodes, its lines
 * (src/hotspot/share/oops/method.hpp, constMethod.hpp, constantPool.hpp, symbol.hpp). Reads only,
 * all of them safe; what is found is checked for sense, not for being alive: see unwind_names.h.
 */
#ifndef PFAGENT_UNWIND_METHOD_H
#define PFAGENT_UNWIND_METHOD_H

#include <stdbool.h>
#include <stdint.h>

#include "unwind_layout.h"
#include "unwind_memory.h"

enum { UNWIND_NAME_BYTES = 4096 };

/* Zero-terminated, in modified UTF-8. */
struct unwind_method_text {
  char class_signature[UNWIND_NAME_BYTES + 2]; /* as JVMTI writes it: Ljava/lang/String; */
  char name[UNWIND_NAME_BYTES];
  char descriptor[UNWIND_NAME_BYTES];
  char source_file[UNWIND_NAME_BYTES]; /* empty: not known */
};

/* Where a method's bytecodes lie; a native method has none. */
struct unwind_bytecodes {
  uint64_t low;
  uint64_t high;
  bool has_lines;
};

/* Reads a method; false: it isn't one, or it has a name that is longer than names are. */
bool unwind_method_read(const struct unwind_layout *layout, struct unwind_memory *memory,
                        uint64_t method, struct unwind_bytecodes *bytecodes,
                        struct unwind_method_text *text);

/* The line of a bytecode; -1: not known. */
int32_t unwind_method_line(const struct unwind_layout *layout, struct unwind_memory *memory,
                           const struct unwind_bytecodes *bytecodes, uint64_t bcp);

#endif
