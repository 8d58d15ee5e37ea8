/* The code map without a JVM: asserts, meant to run under -fsanitize=address,undefined too. */
#undef NDEBUG
#include "codemap.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS (1000LL * 1000 * 1000)
#define MEGABYTE (1024u * 1024)

static const struct code_seen ANY_CODE = {COMPILE_ID_UNKNOWN, false};

static struct codemap map = CODEMAP_INITIALIZER;
static struct code_frame frames[16];

static struct method_name named(const char *name) {
  return (struct method_name){"Lorg/example/Some;", name, "()V", "Some.java"};
}

static struct code_load plain(uint64_t start, uint64_t size, uint64_t key, int64_t now,
                              const struct method_name *name) {
  return (struct code_load){.start = start,
                            .size = size,
                            .key = key,
                            .since = now,
                            .now = now,
                            .type = FRAME_COMPILED,
                            .names = name,
                            .name_count = 1};
}

static enum codemap_result load(uint64_t start, uint64_t size, uint64_t key, int64_t now,
                                const char *name) {
  struct method_name own = named(name);
  struct code_load code = plain(start, size, key, now, &own);
  return codemap_load(&map, &code);
}

static enum codemap_result load_compilation(uint64_t start, uint64_t key, int32_t compile_id,
                                            int64_t now, const char *name) {
  struct method_name own = named(name);
  struct code_load code = plain(start, 0x100, key, now, &own);
  code.compile_id = compile_id;
  return codemap_load(&map, &code);
}

static enum codemap_result load_stub(uint64_t start, uint64_t size, const char *name) {
  struct method_name own = {.class_signature = "", .name = name};
  struct code_load code = plain(start, size, 0, 0, &own);
  code.type = FRAME_STUB;
  code.compile_id = COMPILE_ID_NONE;
  return codemap_load(&map, &code);
}

static void assert_method(uint32_t id, const char *expected) {
  struct method_name name;
  void *block = codemap_method(&map, id, &name);
  assert(block != NULL);
  if (strcmp(name.name, expected) != 0) {
    fprintf(stderr, "expected %s, found %s\n", expected, name.name);
    abort();
  }
  free(block);
}

static void assert_compilation_at(uint64_t pc, int32_t compile_id, int64_t nanos,
                                  const char *expected) {
  struct code_seen code = {compile_id, false};
  int count = codemap_frames(&map, pc, PC_CURRENT, code, nanos, frames, 16);
  if (expected == NULL) {
    assert(count == 0);
  } else {
    assert(count == 1);
    assert_method(frames[0].method, expected);
  }
}

static void assert_at(uint64_t pc, int64_t nanos, const char *expected) {
  assert_compilation_at(pc, COMPILE_ID_UNKNOWN, nanos, expected);
}

/* What lies there at time 0. */
static int find(uint64_t pc, enum pc_kind kind, int most) {
  return codemap_frames(&map, pc, kind, ANY_CODE, 0, frames, most);
}

static struct codemap_counts counts_at(int64_t now) {
  struct codemap_counts counts;
  codemap_count(&map, now, &counts);
  return counts;
}

static void finds_by_address(void) {
  assert(load(0x10000, 0x100, 1, 0, "first") == CODEMAP_ADDED);
  assert(load(0x10100, 0x5000, 2, 0, "over_pages") == CODEMAP_ADDED);
  assert_at(0xffff, 0, NULL);
  assert_at(0x10000, 0, "first");
  assert_at(0x100ff, 0, "first");
  assert_at(0x10100, 0, "over_pages");
  assert_at(0x12345, 0, "over_pages");
  assert_at(0x150ff, 0, "over_pages");
  assert_at(0x15100, 0, NULL);
}

static void finds_by_time(void) {
  load(0x10000, 0x100, 1, 10 * SECONDS, "old");
  codemap_unload(&map, 0x10000, 1, 20 * SECONDS);
  load(0x10080, 0x100, 2, 21 * SECONDS, "new");

  assert_at(0x10090, 6 * SECONDS, NULL);
  assert_at(0x10090, 8 * SECONDS, "old"); /* its load event came late */
  assert_at(0x10090, 15 * SECONDS, "old");
  assert_at(0x10090, 20 * SECONDS, "new");
  assert_at(0x10010, 20 * SECONDS, NULL);
  assert_at(0x10090, 90 * SECONDS, "new");
}

static void forgets_after_a_while(void) {
  load(0x10000, 0x100, 1, 0, "gone");
  codemap_unload(&map, 0x10000, 1, 10 * SECONDS);
  assert(counts_at(13 * SECONDS).retired == 1);
  assert_at(0x10000, 9 * SECONDS, "gone");
  uint32_t id = frames[0].method;

  struct codemap_counts counts = counts_at(14 * SECONDS);
  assert(counts.retired == 0 && counts.methods == 0 && counts.names == 1);
  assert_at(0x10000, 9 * SECONDS, NULL);
  assert_method(id, "gone");

  counts = counts_at(80 * SECONDS);
  assert(counts.names == 0 && counts.bytes == 0);
  struct method_name name;
  assert(codemap_method(&map, id, &name) == NULL);
  load(0x10000, 0x100, 2, 80 * SECONDS, "in_the_same_slot");
  assert(codemap_method(&map, id, &name) == NULL);
}

static void an_unload_names_the_method(void) {
  load(0x10000, 0x100, 1, 0, "lives");
  codemap_unload(&map, 0x10000, 2, 1);
  codemap_unload(&map, 0x10001, 1, 1);
  assert(counts_at(1).methods == 1);
}

static void told_twice_is_there_once(void) {
  assert(load(0x10000, 0x100, 1, 5 * SECONDS, "twice") == CODEMAP_ADDED);
  assert(load(0x10000, 0x100, 1, 0, "twice") == CODEMAP_KNOWN);
  assert(counts_at(0).methods == 1);
  assert_at(0x10000, 0, "twice"); /* the second told that it was there before */
  assert(load_stub(0x20000, 0x10, "stub") == CODEMAP_ADDED);
  assert(load_stub(0x20000, 0x10, "stub") == CODEMAP_KNOWN);
}

static void new_code_displaces_what_was_there(void) {
  load(0x10000, 0x100, 1, 0, "lost_its_unload_event");
  load_stub(0x10800, 0x100, "freed_stub");
  load(0x10080, 0x800, 2, 10 * SECONDS, "new");
  assert_at(0x10080, 6 * SECONDS, "lost_its_unload_event");
  assert_at(0x10080, 11 * SECONDS, "new");
  assert_at(0x10850, 11 * SECONDS, "new");
  assert_at(0x10000, 11 * SECONDS, NULL);
  assert(counts_at(11 * SECONDS).stubs == 0);
}

/* Between 7 and 9 lay 8 there, of which the JVM told nothing; nor did it tell of the end of 7. */
static void a_compile_id_rules_out_other_code(void) {
  load_compilation(0x10000, 1, 7, 0, "earlier");
  load_compilation(0x10000, 2, 9, 10 * SECONDS, "later");
  assert_compilation_at(0x10010, 7, 9 * SECONDS, "earlier");
  assert_compilation_at(0x10010, 8, 9 * SECONDS, NULL);
  assert_compilation_at(0x10010, 9, 9 * SECONDS, "later"); /* its load event came late */
  assert_compilation_at(0x10010, 9, 11 * SECONDS, "later");
  assert_compilation_at(0x10010, 8, 11 * SECONDS, NULL);
  assert_compilation_at(0x10010, COMPILE_ID_NONE, 9 * SECONDS, NULL);
  assert_at(0x10010, 9 * SECONDS, NULL); /* who knows no id has time alone */

  load(0x20000, 0x100, 3, 0, "of_unknown_id");
  assert_compilation_at(0x20000, 7, 0, "of_unknown_id");
  load_stub(0x30000, 0x100, "stub");
  assert_compilation_at(0x30000, COMPILE_ID_NONE, 0, "stub");
  assert_compilation_at(0x30000, 7, 0, NULL);
}

static void code_seen_too_late_counts_if_no_other_was_there(void) {
  struct code_seen too_late = {7, true};
  load_compilation(0x10000, 1, 7, 5 * SECONDS, "late");
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 4 * SECONDS, frames, 16) == 1);
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 1 * SECONDS, frames, 16) == 0);

  load_compilation(0x20000, 2, 6, 0, "before_it");
  load_compilation(0x20000, 1, 7, 5 * SECONDS, "late");
  assert(codemap_frames(&map, 0x20010, PC_CURRENT, too_late, 4 * SECONDS, frames, 16) == 0);
  assert(codemap_frames(&map, 0x20010, PC_CURRENT, too_late, 5 * SECONDS, frames, 16) == 1);
  assert_compilation_at(0x20010, 7, 4 * SECONDS, "late");
}

static void code_seen_too_late_does_not_count_where_loads_were_dropped(void) {
  struct code_seen too_late = {7, true};
  load_compilation(0x10000, 1, 7, 5 * SECONDS, "late");
  assert(load(0x20000, 1u << 30, 2, 5 * SECONDS, "not_believed") == CODEMAP_DROPPED);
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 4 * SECONDS, frames, 16) == 0);
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 5 * SECONDS, frames, 16) == 1);
  assert_compilation_at(0x10010, 7, 4 * SECONDS, "late");
}

static void code_seen_too_late_does_not_count_where_the_other_may_be_forgotten(void) {
  struct code_seen too_late = {7, true};
  load_compilation(0x10000, 1, 6, 0, "before_it");
  codemap_unload(&map, 0x10000, 1, 5 * SECONDS);
  load_compilation(0x10000, 2, 7, 6 * SECONDS, "late");
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 5 * SECONDS, frames, 16) == 1);
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 4 * SECONDS, frames, 16) == 0);
  assert(counts_at(10 * SECONDS).retired == 0);
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 5 * SECONDS, frames, 16) == 1);
  assert(codemap_frames(&map, 0x10010, PC_CURRENT, too_late, 4 * SECONDS, frames, 16) == 0);
}

/* Who knows no id has time alone, and the JVM tells late. */
static void of_two_that_may_have_been_there_neither_counts(void) {
  load(0x10000, 0x100, 1, 0, "earlier");
  load(0x10000, 0x100, 2, 10 * SECONDS, "later");
  assert_at(0x10010, 6 * SECONDS, "earlier");
  assert_at(0x10010, 8 * SECONDS, NULL);
  assert_at(0x10010, 10 * SECONDS, "later");
}

static void compiled_anew_at_the_same_place_is_new(void) {
  assert(load_compilation(0x10000, 1, 7, 0, "again") == CODEMAP_ADDED);
  assert(load_compilation(0x10000, 1, 7, 0, "again") == CODEMAP_KNOWN);
  assert(load_compilation(0x10000, 1, 8, 5 * SECONDS, "again") == CODEMAP_ADDED);
  assert(counts_at(5 * SECONDS).methods == 1);
  assert_compilation_at(0x10000, 7, 4 * SECONDS, "again");
  assert_compilation_at(0x10000, 7, 6 * SECONDS, NULL);
  assert_compilation_at(0x10000, 8, 6 * SECONDS, "again");
}

static void a_stub_is_found_rather_than_its_blob(void) {
  load_stub(0x10000, 0x1000, "blob");
  load_stub(0x10100, 0x100, "arraycopy");
  assert_at(0x10100, 0, "arraycopy");
  assert(frames[0].type == FRAME_STUB && frames[0].line == -1 && frames[0].bci == -1);
  assert_at(0x10200, 0, "blob");
}

/* outer calls middle (inlined) calls leaf (inlined), then outer alone. */
static void finds_inlined_frames(void) {
  struct method_name names[] = {named("outer"), named("middle"), named("leaf")};
  struct load_frame all[] = {{2, 5, 55}, {1, 3, 33}, {0, 1, 11}, {1, 4, 34}, {0, 1, 11},
                             {0, 65535, 70000}};
  struct load_pc pcs[] = {{0x10010, 0, 3}, {0x10020, 3, 2}, {0x10040, 5, 1},
                          {0x20000, 0, 1}, {0x10050, 0, 0}};
  struct code_load code = plain(0x10000, 0x100, 1, 0, names);
  code.name_count = 3;
  code.pcs = pcs;
  code.pc_count = 5;
  code.frames = all;
  assert(codemap_load(&map, &code) == CODEMAP_ADDED);

  assert(find(0x1000c, PC_CURRENT, 16) == 3);
  assert_method(frames[0].method, "leaf");
  assert_method(frames[1].method, "middle");
  assert_method(frames[2].method, "outer");
  assert(frames[0].line == 55 && frames[1].line == 33 && frames[2].line == 11);
  assert(frames[0].bci == 5 && frames[1].bci == 3 && frames[2].bci == 1);
  assert(frames[0].type == FRAME_INLINED && frames[1].type == FRAME_INLINED);
  assert(frames[2].type == FRAME_COMPILED);

  assert(find(0x10020, PC_RETURN, 16) == 2);
  assert(frames[0].line == 34 && frames[1].line == 11);
  assert(find(0x1001f, PC_RETURN, 16) == 1); /* no such return address */
  assert(frames[0].line == -1 && frames[0].type == FRAME_COMPILED);
  assert(find(0x10020, PC_LEAF_RETURN, 16) == 1); /* that is said of what follows */
  assert_method(frames[0].method, "outer");
  assert(frames[0].line == -1 && frames[0].type == FRAME_COMPILED);
  assert(find(0x10040, PC_CURRENT, 16) == 1);
  assert(frames[0].line == -1 && frames[0].bci == -1); /* do not fit a class file */
  assert(find(0x10041, PC_CURRENT, 16) == 1); /* behind the last pc */
  assert_method(frames[0].method, "outer");
  assert(find(0x10010, PC_CURRENT, 2) == 2);
  assert(find(0x10010, PC_CURRENT, 0) == 0);
}

static void a_call_may_be_the_last_instruction(void) {
  load(0x10000, 0x100, 1, 0, "throws");
  load(0x10100, 0x100, 2, 0, "neighbour");
  assert(find(0x10100, PC_RETURN, 16) == 1);
  assert_method(frames[0].method, "throws");
}

static void refuses_what_cannot_be(void) {
  assert(load(0x10000, 0, 1, 0, "empty") == CODEMAP_DROPPED);
  assert(load(0x10000, 1ull << 40, 1, 0, "huge") == CODEMAP_DROPPED);
  assert(load(UINT64_MAX - 1, 0x100, 1, 0, "wraps") == CODEMAP_DROPPED);
  assert(counts_at(0).dropped == 3 && counts_at(0).bytes == 0);
}

static void an_unknown_method_has_id_0(void) {
  struct method_name unknown = {0};
  struct code_load code = plain(0x10000, 0x100, 1, 0, &unknown);
  assert(codemap_load(&map, &code) == CODEMAP_ADDED);
  assert(find(0x10000, PC_CURRENT, 16) == 1);
  assert(frames[0].method == CODEMAP_UNKNOWN_METHOD);
  struct method_name name;
  assert(codemap_method(&map, CODEMAP_UNKNOWN_METHOD, &name) == NULL);
}

static void keeps_to_its_memory(void) {
  enum { METHODS = 20000, PCS = 100 };
  struct load_pc pcs[PCS];
  struct load_frame all[PCS];
  for (uint32_t i = 0; i < PCS; i++) {
    all[i] = (struct load_frame){.name = 0, .bci = (int32_t)i, .line = 1};
  }
  for (uint64_t at = 1; at <= METHODS; at++) {
    char text[32];
    snprintf(text, sizeof text, "method%llu", (unsigned long long)at);
    struct method_name name = named(text);
    struct code_load code = plain(at * 0x1000, 0x800, at, 0, &name);
    for (uint32_t i = 0; i < PCS; i++) {
      pcs[i] = (struct load_pc){.pc = code.start + i, .first_frame = i, .frame_count = 1};
    }
    code.pcs = pcs;
    code.pc_count = PCS;
    code.frames = all;
    codemap_load(&map, &code);
    if (at % 4 == 0) {
      codemap_unload(&map, code.start, at, 0);
    }
  }
  struct codemap_counts counts = counts_at(0);
  assert(counts.bytes <= MEGABYTE && counts.bytes > MEGABYTE / 2);
  assert(counts.without_inlining > 0 && counts.dropped > 0);
  assert(counts.loads + counts.dropped == METHODS);
}

static void keeps_interned_names_for_a_while(void) {
  struct method_name name = named("interpreted");
  uint32_t id = codemap_intern(&map, &name, 10 * SECONDS);
  assert(id != CODEMAP_UNKNOWN_METHOD && codemap_intern(&map, &name, 20 * SECONDS) == id);
  assert(counts_at(75 * SECONDS).names == 1);
  assert_method(id, "interpreted");
  assert(counts_at(81 * SECONDS).names == 0);
}

static void append(void *argument, uint64_t start, uint64_t size, const struct method_name *name) {
  char *text = argument;
  sprintf(text + strlen(text), "%llx+%llx %s;", (unsigned long long)start,
          (unsigned long long)size, name->name);
}

static void visits_what_is_valid(void) {
  char text[200] = "";
  load(0x10000, 0x100, 1, 0, "gone");
  load(0x20000, 0x100, 2, 0, "here");
  codemap_unload(&map, 0x10000, 1, 1);
  codemap_each(&map, append, text);
  assert(strcmp(text, "20000+100 here;") == 0);
}

static void does_nothing_when_closed(void) {
  codemap_close(&map);
  assert(load(0x10000, 0x100, 1, 0, "closed") == CODEMAP_CLOSED);
  codemap_unload(&map, 0x10000, 1, 0);
  assert_at(0x10000, 0, NULL);
  struct method_name name = named("closed");
  assert(codemap_intern(&map, &name, 0) == CODEMAP_UNKNOWN_METHOD);
  assert(codemap_method(&map, 1, &name) == NULL);
  assert(counts_at(0).loads == 0);
  codemap_close(&map);
}

enum { CHURN_ROUNDS = 5000, CHURN_PLACES = 64 };

static atomic_bool churning;
static atomic_llong churn_time;

/* At each place, methods are named after the place: a look-up may miss, but never lie. */
static void *look_up(void *argument) {
  uint64_t seed = (uint64_t)argument;
  struct code_frame found[16];
  while (atomic_load(&churning)) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t place = (seed >> 40) % CHURN_PLACES;
    uint64_t pc = 0x100000 + place * 0x700 + (seed >> 20) % 0x700;
    int64_t now = atomic_load(&churn_time);
    if (codemap_frames(&map, pc, PC_CURRENT, ANY_CODE, now, found, 16) > 0) {
      struct method_name name;
      void *block = codemap_method(&map, found[0].method, &name);
      assert(block != NULL && (uint64_t)atoll(name.name + strlen("place")) == place);
      free(block);
    }
  }
  return NULL;
}

static void *churn(void *argument) {
  uint64_t first = (uint64_t)argument;
  for (uint64_t round = 1; round <= CHURN_ROUNDS; round++) {
    uint64_t place = first + 2 * (round % (CHURN_PLACES / 2));
    int64_t now = atomic_fetch_add(&churn_time, SECONDS / 100);
    char text[32];
    snprintf(text, sizeof text, "place%llu", (unsigned long long)place);
    load(0x100000 + place * 0x700, 0x700, round, now, text);
    if (round % 3 != 0) { /* each third one loses its unload event */
      codemap_unload(&map, 0x100000 + place * 0x700, round, now);
    }
  }
  return NULL;
}

static void survives_churn(void) {
  pthread_t loaders[2];
  pthread_t readers[2];
  atomic_store(&churning, true);
  for (uint64_t i = 0; i < 2; i++) {
    assert(pthread_create(&readers[i], NULL, look_up, (void *)(i + 1)) == 0);
    assert(pthread_create(&loaders[i], NULL, churn, (void *)i) == 0);
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(loaders[i], NULL);
  }
  atomic_store(&churning, false);
  for (int i = 0; i < 2; i++) {
    pthread_join(readers[i], NULL);
  }
  struct codemap_counts counts = counts_at(atomic_load(&churn_time) + 100 * SECONDS);
  assert(counts.methods <= CHURN_PLACES && counts.retired == 0 && counts.dropped == 0);
  assert(counts.names <= CHURN_PLACES && counts.bytes < MEGABYTE / 8);
}

int main(void) {
  static void (*const tests[])(void) = {
      finds_by_address,
      finds_by_time,
      forgets_after_a_while,
      an_unload_names_the_method,
      told_twice_is_there_once,
      new_code_displaces_what_was_there,
      a_compile_id_rules_out_other_code,
      code_seen_too_late_counts_if_no_other_was_there,
      code_seen_too_late_does_not_count_where_loads_were_dropped,
      code_seen_too_late_does_not_count_where_the_other_may_be_forgotten,
      of_two_that_may_have_been_there_neither_counts,
      compiled_anew_at_the_same_place_is_new,
      a_stub_is_found_rather_than_its_blob,
      finds_inlined_frames,
      a_call_may_be_the_last_instruction,
      refuses_what_cannot_be,
      an_unknown_method_has_id_0,
      keeps_to_its_memory,
      keeps_interned_names_for_a_while,
      visits_what_is_valid,
      does_nothing_when_closed,
      survives_churn,
  };
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    assert(codemap_open(&map, MEGABYTE));
    assert(!codemap_open(&map, MEGABYTE));
    tests[i]();
    codemap_close(&map);
  }
  puts("passed");
  return 0;
}
