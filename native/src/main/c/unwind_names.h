/*
 * Names for the frames of a walk that only the thread's own stack tells: interpreted ones, by their
 * Method*, and native ones, by library and exported function. Compiled frames keep their pc and
 * the compile id of their code; the code map names them, once the JVM has told of the code.
 *
 * A name is right or missing. A Method* of the copied stack was alive when the copy was taken, but
 * its class may have been unloaded since, and another method may lie there. The JVM tells how many
 * classes it has unloaded so far; begin() is told before each batch of samples. A name counts for a
 * sample only if it was taken since `since`:
 *
 *        unloading        O: the count     name read,      count seen
 *            |            is seen anew     since = O       unchanged
 *   ---------+-----------------+---------------+---------------+-----> time
 *
 * for from O on nothing was unloaded, and what was unloaded before is on no stack. Names are read
 * anew in each batch: the JVM gives memory back some time after it has counted, and the methods of a
 * class that is redefined go without being counted. One that reads the same keeps its `since`.
 *
 * Compiled code that a walk sees may have come there after the sample, in place of what ran. It ran
 * for sure if a walk has seen it before the sample, by its compile id; of all other the code map
 * decides, once the JVM has told of what came and went.
 *
 * A name or a line that was read in a walk is unproven until the caller has found, after the walk,
 * that no class was unloaded meanwhile; else it must say so, by unwind_names_distrust(). That goes
 * for names too that were of no use to the walk that read them: later ones rely on their `since`.
 */
#ifndef PFAGENT_UNWIND_NAMES_H
#define PFAGENT_UNWIND_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "codemap.h"
#include "unwind_method.h"
#include "unwind_walk.h"

/* Keeps a name and gives its id, as codemap_intern() does. */
typedef uint32_t unwind_intern(void *context, const struct method_name *name, int64_t now);

struct unwind_known_method {
  uint64_t method;
  struct unwind_bytecodes bytecodes;
  int64_t since;    /* samples taken earlier are not of this method for sure */
  int64_t read_at;  /* when the batch began in which its name was read last */
  uint64_t unloads; /* of classes, at that time */
  uint32_t reading; /* counts the readings of all methods */
  uint32_t id;
};

struct unwind_known_line {
  uint64_t bcp;
  uint32_t reading; /* that of the method */
  int32_t line;
};

struct unwind_known_native {
  uint64_t pc;
  int64_t interned_at;
  uint32_t id;
};

struct unwind_known_code {
  int32_t compile_id;
  int64_t seen; /* first; at least since it came to this table */
};

enum {
  UNWIND_KNOWN_METHODS = 4096,
  UNWIND_KNOWN_LINES = 4096,
  UNWIND_KNOWN_NATIVES = 1024,
  UNWIND_KNOWN_CODES = 8192,
};

struct unwind_names {
  unwind_intern *intern;
  void *context;
  int64_t now;          /* CLOCK_MONOTONIC, nanoseconds, at begin() */
  uint64_t unloads;     /* of classes so far, at begin() */
  int64_t steady_since; /* when their count was first seen to be that */
  uint32_t readings;
  bool unproven; /* names were read, and nobody has said yet whether they hold */
  struct unwind_method_text text;
  struct unwind_known_method methods[UNWIND_KNOWN_METHODS];
  struct unwind_known_line lines[UNWIND_KNOWN_LINES];
  struct unwind_known_native natives[UNWIND_KNOWN_NATIVES];
  struct unwind_known_code codes[UNWIND_KNOWN_CODES];
};

/* A frame as Java reads it. */
struct unwind_named_frame {
  int64_t pc;
  int32_t method;   /* an id of the code map; 0: not known. A compiled frame: its compile id */
  int32_t bci;      /* -1: not known */
  int32_t line;     /* -1: not known */
  uint8_t type;     /* enum frame_type */
  uint8_t pc_kind;  /* enum pc_kind */
  uint8_t too_late; /* a compiled frame: its code may have come there after the sample */
  uint8_t unused;   /* 0: frames are compared as bytes */
};

/* Begins a batch of samples; `now` is not before `unloads` was counted. */
void unwind_names_begin(struct unwind_names *names, uint64_t unloads, int64_t now);

/* Forgets native names: the list of libraries is a new one. */
void unwind_names_forget_natives(struct unwind_names *names);

/* Names one frame of a sample that was taken at a time before begin(). */
struct unwind_named_frame unwind_name(struct unwind_names *names, struct unwind_jvm *jvm,
                                      const struct unwind_frame *frame, int64_t taken);

/* Takes back what was read in this batch: classes have been unloaded meanwhile. */
void unwind_names_distrust(struct unwind_names *names, uint64_t unloads, int64_t now);

#endif
