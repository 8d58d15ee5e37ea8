#include "unwind_names.h"

#include "clock.h"

/* Ids are good for a minute after they were given: names in use are interned anew before that. */
static const int64_t REINTERN_NANOS = 20000000000;

static uint32_t slot(uint64_t key, uint32_t slots) {
  return (uint32_t)((key * 0x9e3779b97f4a7c15) >> 40) & (slots - 1);
}

void unwind_names_begin(struct unwind_names *names, uint64_t unloads, int64_t now) {
  if (unloads != names->unloads || names->steady_since == 0) {
    names->steady_since = now;
  }
  names->unloads = unloads;
  names->now = now;
}

void unwind_names_distrust(struct unwind_names *names, uint64_t unloads, int64_t now) {
  for (int i = 0; i < UNWIND_KNOWN_METHODS; i++) {
    if (names->methods[i].read_at == names->now) {
      names->methods[i].method = 0;
    }
  }
  unwind_names_begin(names, unloads, now);
}

void unwind_names_forget_natives(struct unwind_names *names) {
  for (int i = 0; i < UNWIND_KNOWN_NATIVES; i++) {
    names->natives[i].pc = 0;
  }
}

/* Whether a name was read in this batch, and nothing was unloaded since. */
static bool still_holds(const struct unwind_names *names, const struct unwind_known_method *known) {
  return known->unloads == names->unloads && known->read_at == names->now;
}

static bool read_method(struct unwind_names *names, struct unwind_jvm *jvm, uint64_t method,
                        struct unwind_known_method *read) {
  struct unwind_method_text *text = &names->text;
  if (!unwind_method_read(&jvm->code.layout, &jvm->memory, method, &read->bytecodes, text)) {
    return false;
  }
  struct method_name name = {text->class_signature, text->name, text->descriptor,
                             text->source_file[0] == '\0' ? NULL : text->source_file};
  read->method = method;
  read->id = names->intern(names->context, &name, names->now);
  read->since = names->steady_since;
  read->read_at = names->now;
  read->unloads = names->unloads;
  read->reading = ++names->readings;
  names->unproven = true;
  return read->id != CODEMAP_UNKNOWN_METHOD;
}

/* The method that lay at an address when a sample was taken, or null. */
static const struct unwind_known_method *known_method(struct unwind_names *names,
                                                      struct unwind_jvm *jvm, uint64_t method,
                                                      int64_t taken) {
  struct unwind_known_method *known = &names->methods[slot(method, UNWIND_KNOWN_METHODS)];
  if (known->method != method || !still_holds(names, known)) {
    struct unwind_known_method read;
    if (!read_method(names, jvm, method, &read)) {
      return NULL;
    }
    if (known->method == method && known->id == read.id) {
      read.since = known->since;
    }
    *known = read;
  }
  return taken >= known->since ? known : NULL;
}

static int32_t line_of(struct unwind_names *names, struct unwind_jvm *jvm,
                       const struct unwind_known_method *method, uint64_t bcp) {
  struct unwind_known_line *known = &names->lines[slot(bcp, UNWIND_KNOWN_LINES)];
  if (known->bcp != bcp || known->reading != method->reading) {
    known->bcp = bcp;
    known->reading = method->reading;
    known->line = unwind_method_line(&jvm->code.layout, &jvm->memory, &method->bytecodes, bcp);
    names->unproven = true;
  }
  return known->line;
}

static void name_interpreted(struct unwind_names *names, struct unwind_jvm *jvm,
                             const struct unwind_frame *frame, int64_t taken,
                             struct unwind_named_frame *named) {
  const struct unwind_known_method *method = known_method(names, jvm, frame->method, taken);
  if (method == NULL) {
    return;
  }
  const struct unwind_bytecodes *bytecodes = &method->bytecodes;
  bool native = bytecodes->low == bytecodes->high;
  for (int i = 0; i < 2; i++) {
    uint64_t bcp = frame->bcp[i];
    if (bcp >= bytecodes->low && bcp < bytecodes->high) {
      named->bci = (int32_t)(bcp - bytecodes->low);
      named->line = line_of(names, jvm, method, bcp);
      break;
    }
  }
  /* A frame that stands at no bytecode of its method, unless it is being made, isn't of it. */
  if (native || named->bci >= 0 || frame->bcp[1] == 0) {
    named->method = (int32_t)method->id;
  }
}

static uint32_t native_id(struct unwind_names *names, struct unwind_jvm *jvm,
                          struct unwind_module *module, uint64_t pc) {
  char symbol[UNWIND_SYMBOL_NAME];
  bool exported = unwind_module_symbol(module, &jvm->memory, pc, symbol);
  struct method_name name = {module->name, exported ? symbol : "", NULL, NULL};
  return names->intern(names->context, &name, names->now);
}

static void name_native(struct unwind_names *names, struct unwind_jvm *jvm,
                        const struct unwind_frame *frame, struct unwind_named_frame *named) {
  struct unwind_known_native *known = &names->natives[slot(frame->pc, UNWIND_KNOWN_NATIVES)];
  if (known->pc != frame->pc || names->now - known->interned_at >= REINTERN_NANOS) {
    uint64_t pc = frame->pc_kind == PC_CURRENT ? frame->pc : frame->pc - 1;
    struct unwind_module *module = unwind_module_at(&jvm->modules, pc);
    if (module == NULL) {
      return;
    }
    known->pc = frame->pc;
    known->interned_at = names->now;
    known->id = native_id(names, jvm, module, pc);
  }
  named->method = (int32_t)known->id;
}

/* Since when code is known to have been there. Its ids follow each other. */
static int64_t first_seen(struct unwind_names *names, int32_t compile_id) {
  struct unwind_known_code *known = &names->codes[(uint32_t)compile_id & (UNWIND_KNOWN_CODES - 1)];
  if (known->compile_id != compile_id) {
    *known = (struct unwind_known_code){compile_id, monotonic_nanos()};
  }
  return known->seen;
}

struct unwind_named_frame unwind_name(struct unwind_names *names, struct unwind_jvm *jvm,
                                      const struct unwind_frame *frame, int64_t taken) {
  struct unwind_named_frame named = {
      .pc = (int64_t)frame->pc, .bci = -1, .line = -1, .pc_kind = (uint8_t)frame->pc_kind};
  switch (frame->kind) {
    case UNWIND_NATIVE_FRAME:
      named.type = FRAME_NATIVE;
      name_native(names, jvm, frame, &named);
      break;
    case UNWIND_STUB_FRAME:
      named.type = FRAME_STUB;
      break;
    case UNWIND_COMPILED_FRAME:
      named.type = FRAME_COMPILED;
      named.method = frame->compile_id;
      named.too_late = first_seen(names, frame->compile_id) > taken;
      break;
    case UNWIND_INTERPRETED_FRAME:
      named.type = FRAME_INTERPRETED;
      name_interpreted(names, jvm, frame, taken, &named);
      break;
  }
  return named;
}
