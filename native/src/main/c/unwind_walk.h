/*
 * A walk: from a thread's registers and the copy of its stack to its frames, innermost first, the
 * physical ones. It reads the copy and, through unwind_memory, the JVM's metadata; it runs in
 * whatever thread has the copy, never in the one whose stack it is, takes no lock, allocates
 * nothing, and ends after a number of steps that the size of the copy bounds: every step but the
 * first moves up the stack.
 *
 * How each kind of frame finds its caller:
 *
 *   native        call frame information (unwind_cfi.h)
 *   stub          its frame's size, or its frame pointer, or the return address on top
 *   compiled      its frame's size, which its code blob tells
 *   interpreted   the frame pointer; the caller's stack pointer stands in the frame
 *   call stub     C++ called Java here: the JavaFrameAnchor in its JavaCallWrapper, which lies on
 *                 the stack, tells the Java frame below that C++
 */
#ifndef PFAGENT_UNWIND_WALK_H
#define PFAGENT_UNWIND_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "codemap.h"
#include "unwind_cfi.h"
#include "unwind_code.h"
#include "unwind_memory.h"
#include "unwind_modules.h"
#include "unwind_stack.h"

/* The order is that of the constants of io.pfagent.jvm.StackEnd. */
enum unwind_end {
  UNWIND_END_COMPLETE,       /* the thread's outermost Java frame was reached */
  UNWIND_END_TRUNCATED,      /* the copy of the stack is too small: the frames are right, not all */
  UNWIND_END_RETURN_BARRIER, /* the rest of this virtual thread's stack is on the heap */
  UNWIND_END_NO_JAVA_FRAME,  /* the thread runs no Java */
  UNWIND_END_BAD_PC,         /* the frames are right as far as they go; what follows is not known */
  UNWIND_END_GUESSED,        /* found by searching the stack: plausible, not proven */
  UNWIND_END_TOO_DEEP,       /* more frames than there is room for */
};

enum unwind_kind {
  UNWIND_NATIVE_FRAME,
  UNWIND_STUB_FRAME,
  UNWIND_COMPILED_FRAME,
  UNWIND_INTERPRETED_FRAME,
};

struct unwind_frame {
  enum unwind_kind kind;
  enum pc_kind pc_kind;
  uint64_t pc;
  int32_t compile_id; /* compiled: of the code that lay there when the walk came by */
  uint64_t method;    /* interpreted: Method*, as the frame has it: not proven */
  uint64_t bcp[2];    /* interpreted: where its bytecode pointer may stand, the better one first */
};

struct unwind_jvm {
  struct unwind_memory memory;
  struct unwind_code code;
  struct unwind_modules modules;
  struct unwind_cfi cfi;
};

struct unwind_result {
  int count;
  int carrier_from; /* the first frame of a virtual thread's carrier; count: there is none */
  enum unwind_end end;
};

/* Walks, writing at most `most` frames. */
struct unwind_result unwind_walk(struct unwind_jvm *jvm, const struct unwind_registers *registers,
                                 const struct unwind_stack *stack, struct unwind_frame *frames,
                                 int most);

#endif
