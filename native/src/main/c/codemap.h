/*
 * Which Java methods stand at a pc of compiled code, at a time. Knows nothing of the JVM: who loads
 * into it is codemap_jvmti.c, and the tests.
 *
 * Threads: any may load and unload, any may look up. One lock guards all, is held for the copy of
 * a few words, and nothing of the JVM is called while it is held: a thread that holds it never
 * waits for a safepoint.
 *
 * Times are CLOCK_MONOTONIC in nanoseconds, as System.nanoTime() gives them.
 */
#ifndef PFAGENT_CODEMAP_H
#define PFAGENT_CODEMAP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An unloaded method is still found for samples that are looked up this much later. */
#define CODEMAP_RETENTION_NANOS (3LL * 1000 * 1000 * 1000)

/* A load is told of by another thread, after the code has begun to run: this late at most. */
#define CODEMAP_LATENESS_NANOS (3LL * 1000 * 1000 * 1000)

/* A method's id is good for this long after the last look-up that gave it. */
#define CODEMAP_NAME_RETENTION_NANOS (60LL * 1000 * 1000 * 1000)

/* The id of a method whose name could not be had. */
#define CODEMAP_UNKNOWN_METHOD 0

/*
 * Which compilation made a piece of code: HotSpot's compile id, positive and never given twice.
 * Unlike its address, which code that was freed before leaves to it.
 */
#define COMPILE_ID_UNKNOWN 0
#define COMPILE_ID_NONE (-1) /* known to be no method: a stub, the interpreter */

/*
 * What somebody who looks a pc up has seen of the code there, some time after the sample.
 *
 * too_late: it may have come there after the sample
 */
struct code_seen {
  int32_t compile_id;
  bool too_late;
};

/* What a pc is. The constants of io.pfagent.jvm.PcKind have the same codes. */
enum pc_kind {
  PC_CURRENT,     /* a thread was there */
  PC_RETURN,      /* a call returns there, one that HotSpot keeps a record of */
  PC_LEAF_RETURN, /* a call returns there of which there is no record: it can't stop the thread */
};

/* The constants of io.pfagent.jvm.FrameType have the same codes. */
enum frame_type {
  FRAME_COMPILED,
  FRAME_INLINED,
  FRAME_STUB,
  FRAME_INTERPRETED,
  FRAME_NATIVE,
};

/* Modified UTF-8; without class or name the method is unknown. A stub has an empty class. */
struct method_name {
  const char *class_signature; /* Ljava/lang/String; */
  const char *name;            /* indexOf */
  const char *descriptor;      /* (II)I */
  const char *source_file;     /* String.java */
};

enum { METHOD_NAME_PARTS = 4 };

/* Four ints: what Java reads from an int[]. */
struct code_frame {
  uint32_t method; /* an id, see codemap_method() */
  int32_t bci;     /* -1: not known */
  int32_t line;    /* -1: not known */
  int32_t type;    /* enum frame_type */
};

struct load_frame {
  uint32_t name; /* index into code_load.names */
  int32_t bci;
  int32_t line;
};

struct load_pc {
  uint64_t pc;
  uint32_t first_frame; /* innermost; index into code_load.frames */
  uint32_t frame_count;
};

/* Compiled code or a stub, as it comes into being. */
struct code_load {
  uint64_t start;
  uint64_t size;
  uint64_t key; /* who unloads it names start and key; 0 for a stub */
  int32_t compile_id;
  int64_t since; /* when it was there first, as far as is known */
  int64_t now;
  enum frame_type type;
  const struct method_name *names; /* names[0] is that of the code itself */
  uint32_t name_count;
  const struct load_pc *pcs; /* ascending */
  uint32_t pc_count;
  const struct load_frame *frames;
};

enum codemap_result {
  CODEMAP_ADDED,
  CODEMAP_KNOWN,   /* told of twice */
  CODEMAP_DROPPED, /* no room, or not to be believed; counted */
  CODEMAP_CLOSED,
};

/* Longs: what Java reads from a long[]. */
struct codemap_counts {
  int64_t methods;          /* compiled methods that are valid now */
  int64_t stubs;            /* stubs that are valid now */
  int64_t retired;          /* unloaded, kept for late look-ups */
  int64_t names;            /* interned */
  int64_t bytes;            /* of all of these */
  int64_t loads;            /* ever */
  int64_t unloads;          /* ever */
  int64_t without_inlining; /* loads of which only the method itself was kept, for want of room */
  int64_t dropped;          /* loads of which nothing was kept */
};

struct method_table {
  struct method **slots; /* [0] stays empty: id 0 says unknown */
  uint32_t slot_count;
  uint32_t slot_capacity;
  uint32_t free_slot; /* head of a list through next_free, 0: none */
  uint32_t *next_free;
  uint8_t *generations;
  struct method **buckets; /* by the hash of the names */
  uint32_t bucket_count;
  uint32_t method_count;
  uint32_t sweep_at;
};

struct code_index {
  struct page_link **buckets; /* by the hash of the page of code */
  uint32_t bucket_count;
  uint32_t link_count;
};

struct codemap {
  pthread_mutex_t lock;
  bool open;
  size_t most_bytes;
  size_t bytes;
  uint64_t sequence;
  int64_t complete_since; /* what was there later is in the map; INT64_MAX: loads were dropped */
  struct code_index index;
  struct code_entry *live;         /* any order */
  struct code_entry *retired_head; /* oldest first */
  struct code_entry *retired_tail;
  struct method_table methods;
  struct codemap_counts counts;
};

#define CODEMAP_INITIALIZER {.lock = PTHREAD_MUTEX_INITIALIZER}

/* Begins to take loads, keeping to most_bytes; false if it does already, or without memory. */
bool codemap_open(struct codemap *map, size_t most_bytes);

/* Gives all memory back; from now on nothing is found and loads are ignored. */
void codemap_close(struct codemap *map);

enum codemap_result codemap_load(struct codemap *map, const struct code_load *load);

void codemap_unload(struct codemap *map, uint64_t start, uint64_t key, int64_t now);

/*
 * The frames at a pc that was sampled at a time, innermost first: those that were inlined, then the
 * compiled method. Whose code it was is told by the compile id, unless that is unknown or was seen
 * too late. Then code counts if it is all that may have been there at the time: what was there
 * before it is still in the map, for the JVM tells of loads and unloads in their order, only late.
 * Where two may have been there, there is no telling which.
 *
 * code: what the caller knows of it
 * kind: for where a thread was, the debug information at or after the pc counts; for where a call
 * returns, only that of exactly this address. Else the method stands without line; so it does where
 * a leaf call returns, for what is said of that address is said of the instruction that follows.
 * Returns how many frames were written, at most `most`; 0: no code that is known.
 */
int codemap_frames(struct codemap *map, uint64_t pc, enum pc_kind kind, struct code_seen code,
                   int64_t nanos, struct code_frame *frames, int most);

/*
 * The id of a method that no compiled code tells of, for whoever walks interpreted frames; kept as
 * long as one that codemap_frames() gave. CODEMAP_UNKNOWN_METHOD without room.
 */
uint32_t codemap_intern(struct codemap *map, const struct method_name *name, int64_t now);

/*
 * A copy of a method's names, in one block that the caller frees; *name points into it. Null: no
 * such method (any more), or no memory.
 */
void *codemap_method(struct codemap *map, uint32_t id, struct method_name *name);

/* Gives back what is past its time, and counts what is left. */
void codemap_count(struct codemap *map, int64_t now, struct codemap_counts *counts);

/* Calls back for all valid code, with the lock held: the callee may do nothing but copy. */
typedef void codemap_visitor(void *argument, uint64_t start, uint64_t size,
                             const struct method_name *name);
void codemap_each(struct codemap *map, codemap_visitor *visit, void *argument);

#endif
