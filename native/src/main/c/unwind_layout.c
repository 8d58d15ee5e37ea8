#include "unwind_layout.h"

#include <stdio.h>
#include <string.h>

/* The tables that libjvm exports, and how to step through them: all told by variables. */
struct tables {
  const char *structs;
  uint64_t struct_stride, type_name, field_name, type_string, is_static, offset, address;
  const char *types;
  uint64_t type_stride, sized_name, size;
  const char *constants;
  uint64_t constant_stride, constant_name, constant_value;
};

enum place {
  OFFSET, /* the offset of a field */
  STATIC, /* the address of a static variable */
  SIZE,   /* the size of a type */
  NUMBER, /* the value of a constant */
};

/*
 * One thing to look up. Lines that follow each other and fill the same member are alternatives: the
 * releases differ. A member that none of its lines fills is missing, unless one of them is
 * optional.
 */
struct wanted {
  enum place place;
  bool optional;
  size_t member;
  const char *type; /* or the constant's name */
  const char *field;
  const char *declared;
  int width; /* of the declared type; 0: not to be checked, for it is an object */
};

#define AT(member) offsetof(struct unwind_layout, member)

static const struct wanted WANTED[] = {
    {STATIC, 0, AT(code_heaps), "CodeCache", "_heaps", "GrowableArray<CodeHeap*>*", 8},
    {STATIC, 0, AT(interpreter), "AbstractInterpreter", "_code", "StubQueue*", 8},
    {STATIC, 0, AT(call_stub_return), "StubRoutines", "_call_stub_return_address", "address", 8},
    {STATIC, 1, AT(continuation_return_pc), "ContinuationEntry", "_return_pc", "address", 8},
    {OFFSET, 0, AT(array_length), "GrowableArrayBase", "_len", "int", 4},
    {OFFSET, 0, AT(array_data), "GrowableArray<int>", "_data", "int*", 8},
    {OFFSET, 0, AT(heap_memory), "CodeHeap", "_memory", "VirtualSpace", 0},
    {OFFSET, 0, AT(heap_segment_map), "CodeHeap", "_segmap", "VirtualSpace", 0},
    {OFFSET, 0, AT(heap_log2_segment), "CodeHeap", "_log2_segment_size", "int", 4},
    {OFFSET, 0, AT(space_low), "VirtualSpace", "_low", "char*", 8},
    {OFFSET, 0, AT(space_high), "VirtualSpace", "_high", "char*", 8},
    {OFFSET, 0, AT(block_used), "HeapBlock::Header", "_used", "bool", 1},
    {SIZE, 0, AT(block_bytes), "HeapBlock", 0, 0, 0},
    {OFFSET, 0, AT(blob_name), "CodeBlob", "_name", "const char*", 8},
    {OFFSET, 1, AT(blob_kind), "CodeBlob", "_kind", "CodeBlobKind", 1},
    {OFFSET, 0, AT(blob_frame_size), "CodeBlob", "_frame_size", "int", 4},
    {OFFSET, 0, AT(blob_frame_complete), "CodeBlob", "_frame_complete_offset", "int", 4},
    {OFFSET, 0, AT(blob_frame_complete), "CodeBlob", "_frame_complete_offset", "int16_t", 2},
    {OFFSET, 1, AT(blob_code_begin), "CodeBlob", "_code_begin", "address", 8},
    {OFFSET, 1, AT(blob_code_end), "CodeBlob", "_code_end", "address", 8},
    {OFFSET, 1, AT(blob_code_offset), "CodeBlob", "_code_offset", "int", 4},
    {OFFSET, 0, AT(blob_data_offset), "CodeBlob", "_data_offset", "int", 4},
    {OFFSET, 0, AT(blob_oop_maps), "CodeBlob", "_oop_maps", "ImmutableOopMapSet*", 8},
    {OFFSET, 0, AT(nmethod_method), "nmethod", "_method", "Method*", 8},
    {OFFSET, 0, AT(nmethod_method), "CompiledMethod", "_method", "Method*", 8},
    {OFFSET, 0, AT(nmethod_compile_id), "nmethod", "_compile_id", "int", 4},
    {OFFSET, 0, AT(nmethod_original_pc), "nmethod", "_orig_pc_offset", "int", 4},
    {OFFSET, 1, AT(nmethod_deopt), "CompiledMethod", "_deopt_handler_begin", "address", 8},
    {OFFSET, 1, AT(nmethod_deopt_mh), "CompiledMethod", "_deopt_mh_handler_begin", "address", 8},
    {OFFSET, 1, AT(nmethod_deopt_offset), "nmethod", "_deopt_handler_offset", "int", 4},
    {OFFSET, 1, AT(nmethod_deopt_mh_offset), "nmethod", "_deopt_mh_handler_offset", "int", 4},
    {OFFSET, 0, AT(oop_maps_count), "ImmutableOopMapSet", "_count", "int", 4},
    {SIZE, 0, AT(oop_maps_bytes), "ImmutableOopMapSet", 0, 0, 0},
    {OFFSET, 0, AT(pair_pc_offset), "ImmutableOopMapPair", "_pc_offset", "int", 4},
    {SIZE, 0, AT(pair_bytes), "ImmutableOopMapPair", 0, 0, 0},
    {OFFSET, 0, AT(queue_buffer), "StubQueue", "_stub_buffer", "address", 8},
    {OFFSET, 0, AT(queue_limit), "StubQueue", "_buffer_limit", "int", 4},
    {OFFSET, 0, AT(codelet_size), "InterpreterCodelet", "_size", "int", 4},
    {OFFSET, 0, AT(codelet_description), "InterpreterCodelet", "_description", "const char*", 8},
    {OFFSET, 0, AT(wrapper_anchor), "JavaCallWrapper", "_anchor", "JavaFrameAnchor", 0},
    {OFFSET, 0, AT(anchor_sp), "JavaFrameAnchor", "_last_Java_sp", "intptr_t*", 8},
    {OFFSET, 0, AT(anchor_pc), "JavaFrameAnchor", "_last_Java_pc", "address", 8},
    {OFFSET, 0, AT(anchor_fp), "JavaFrameAnchor", "_last_Java_fp", "intptr_t*", 8},
    {NUMBER, 0, AT(entry_wrapper), "frame::entry_frame_call_wrapper_offset", 0, 0, 0},
    {NUMBER, 0, AT(interpreter_sender_sp), "frame::interpreter_frame_sender_sp_offset", 0, 0, 0},
    {OFFSET, 1, AT(upcall_frame_data), "UpcallStub", "_frame_data_offset", "ByteSize", 4},
    {OFFSET, 1, AT(frame_data_anchor), "UpcallStub::FrameData", "jfa", "JavaFrameAnchor", 0},
    {OFFSET, 0, AT(method_const), "Method", "_constMethod", "ConstMethod*", 8},
    {OFFSET, 0, AT(const_constants), "ConstMethod", "_constants", "ConstantPool*", 8},
    {OFFSET, 0, AT(const_flags), "ConstMethod", "_flags", "u2", 2},
    {OFFSET, 0, AT(const_flags), "ConstMethod", "_flags._flags", "u4", 4},
    {NUMBER, 0, AT(const_has_lines), "ConstMethod::_has_linenumber_table", 0, 0, 0},
    {NUMBER, 0, AT(const_has_lines), "ConstMethodFlags::_misc_has_linenumber_table", 0, 0, 0},
    {OFFSET, 0, AT(const_code_size), "ConstMethod", "_code_size", "u2", 2},
    {OFFSET, 0, AT(const_name), "ConstMethod", "_name_index", "u2", 2},
    {OFFSET, 0, AT(const_signature), "ConstMethod", "_signature_index", "u2", 2},
    {SIZE, 0, AT(const_bytes), "ConstMethod", 0, 0, 0},
    {OFFSET, 0, AT(pool_holder), "ConstantPool", "_pool_holder", "InstanceKlass*", 8},
    {OFFSET, 0, AT(pool_source_file), "ConstantPool", "_source_file_name_index", "u2", 2},
    {OFFSET, 0, AT(pool_length), "ConstantPool", "_length", "int", 4},
    {SIZE, 0, AT(pool_bytes), "ConstantPool", 0, 0, 0},
    {OFFSET, 0, AT(klass_name), "Klass", "_name", "Symbol*", 8},
    {OFFSET, 0, AT(symbol_length), "Symbol", "_length", "u2", 2},
    {OFFSET, 0, AT(symbol_body), "Symbol", "_body[0]", "u1", 1},
};

enum {
  WANTED_COUNT = sizeof WANTED / sizeof WANTED[0],
  MOST_ENTRIES = 20000,
  MOST_OFFSET = 1 << 16
};

static uint64_t u64_at(const char *address) {
  uint64_t value;
  memcpy(&value, address, sizeof value);
  return value;
}

static int32_t i32_at(const char *address) {
  int32_t value;
  memcpy(&value, address, sizeof value);
  return value;
}

static const char *text_at(const char *address) {
  return (const char *)(uintptr_t)u64_at(address);
}

static bool read_tables(struct tables *tables, unwind_symbol *symbol, void *context) {
  const struct {
    const char *name;
    void *target;
  } variables[] = {
      {"gHotSpotVMStructs", &tables->structs},
      {"gHotSpotVMStructEntryArrayStride", &tables->struct_stride},
      {"gHotSpotVMStructEntryTypeNameOffset", &tables->type_name},
      {"gHotSpotVMStructEntryFieldNameOffset", &tables->field_name},
      {"gHotSpotVMStructEntryTypeStringOffset", &tables->type_string},
      {"gHotSpotVMStructEntryIsStaticOffset", &tables->is_static},
      {"gHotSpotVMStructEntryOffsetOffset", &tables->offset},
      {"gHotSpotVMStructEntryAddressOffset", &tables->address},
      {"gHotSpotVMTypes", &tables->types},
      {"gHotSpotVMTypeEntryArrayStride", &tables->type_stride},
      {"gHotSpotVMTypeEntryTypeNameOffset", &tables->sized_name},
      {"gHotSpotVMTypeEntrySizeOffset", &tables->size},
      {"gHotSpotVMIntConstants", &tables->constants},
      {"gHotSpotVMIntConstantEntryArrayStride", &tables->constant_stride},
      {"gHotSpotVMIntConstantEntryNameOffset", &tables->constant_name},
      {"gHotSpotVMIntConstantEntryValueOffset", &tables->constant_value},
  };
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    const void *variable = symbol(context, variables[i].name);
    if (variable == NULL) {
      return false;
    }
    memcpy(variables[i].target, variable, 8);
  }
  return tables->structs != NULL && tables->types != NULL && tables->constants != NULL &&
         tables->struct_stride > 0 && tables->type_stride > 0 && tables->constant_stride > 0;
}

/* The entry of a table whose name is this, or null. */
static const char *entry_named(const char *table, uint64_t stride, uint64_t name_at,
                               const char *name) {
  for (int i = 0; i < MOST_ENTRIES && u64_at(table + name_at) != 0; i++, table += stride) {
    if (strcmp(text_at(table + name_at), name) == 0) {
      return table;
    }
  }
  return NULL;
}

static const char *field_entry(const struct tables *tables, const struct wanted *wanted) {
  const char *entry = tables->structs;
  for (int i = 0; i < MOST_ENTRIES && u64_at(entry + tables->type_name) != 0; i++) {
    if (strcmp(text_at(entry + tables->type_name), wanted->type) == 0 &&
        strcmp(text_at(entry + tables->field_name), wanted->field) == 0) {
      return entry;
    }
    entry += tables->struct_stride;
  }
  return NULL;
}

/* The size of a type; -1 if the JVM doesn't describe it. */
static int64_t type_size(const struct tables *tables, const char *type) {
  const char *entry = entry_named(tables->types, tables->type_stride, tables->sized_name, type);
  return entry == NULL ? -1 : (int64_t)u64_at(entry + tables->size);
}

/* Whether a field is declared as expected, with the expected width, inside its object. */
static bool as_declared(const struct tables *tables, const struct wanted *wanted,
                        const char *entry) {
  if (strcmp(text_at(entry + tables->type_string), wanted->declared) != 0) {
    return false;
  }
  int64_t width = type_size(tables, wanted->declared);
  if (wanted->width != 0 && width >= 0 && width != wanted->width) {
    return false;
  }
  bool is_static = i32_at(entry + tables->is_static) != 0;
  if (is_static) {
    return wanted->place == STATIC && u64_at(entry + tables->address) != 0;
  }
  int64_t whole = type_size(tables, wanted->type);
  int64_t offset = (int64_t)u64_at(entry + tables->offset);
  return wanted->place == OFFSET && offset >= 0 && offset < MOST_OFFSET &&
         (whole <= 0 || offset + wanted->width <= whole);
}

/* Looks one thing up; false if it isn't there, or isn't what it should be. */
static bool look_up(const struct tables *tables, const struct wanted *wanted,
                    struct unwind_layout *layout) {
  char *member = (char *)layout + wanted->member;
  int32_t number;
  const char *entry;
  switch (wanted->place) {
    case SIZE: {
      int64_t size = type_size(tables, wanted->type);
      number = (int32_t)size;
      if (size <= 0 || size >= MOST_OFFSET) {
        return false;
      }
      break;
    }
    case NUMBER:
      entry = entry_named(tables->constants, tables->constant_stride, tables->constant_name,
                          wanted->type);
      if (entry == NULL) {
        return false;
      }
      number = i32_at(entry + tables->constant_value);
      break;
    default:
      entry = field_entry(tables, wanted);
      if (entry == NULL || !as_declared(tables, wanted, entry)) {
        return false;
      }
      if (wanted->place == STATIC) {
        uint64_t address = u64_at(entry + tables->address);
        memcpy(member, &address, sizeof address);
        return true;
      }
      number = (int32_t)u64_at(entry + tables->offset);
  }
  memcpy(member, &number, sizeof number);
  if (wanted->member == AT(blob_frame_complete)) {
    layout->blob_frame_complete_bytes = wanted->width;
  } else if (wanted->member == AT(const_flags)) {
    layout->const_flags_bytes = wanted->width;
  }
  return true;
}

/* What a release has either in one form or in another. */
static const char *missing_form(const struct unwind_layout *layout) {
  bool pointers = layout->blob_code_begin >= 0 && layout->blob_code_end >= 0;
  if (!pointers && layout->blob_code_offset < 0) {
    return "CodeBlob::_code_begin or _code_offset";
  }
  if (layout->nmethod_deopt < 0 && layout->nmethod_deopt_offset < 0) {
    return "the deoptimisation handler of nmethod";
  }
  if (layout->interpreter_sender_sp != -1) {
    return "an interpreted frame with the sender's sp at word -1";
  }
  return NULL;
}

static int32_t release_of(const struct tables *tables) {
  int32_t release = 0;
  struct wanted version = {STATIC, 0, 0, "Abstract_VM_Version", "_vm_major_version", "int", 4};
  const char *entry = field_entry(tables, &version);
  if (entry != NULL && as_declared(tables, &version, entry)) {
    release = i32_at(text_at(entry + tables->address));
  }
  return release;
}

bool unwind_layout_read(struct unwind_layout *layout, unwind_symbol *symbol, void *context,
                        char *reason, size_t reason_size) {
  struct tables tables;
  memset(&tables, 0, sizeof tables);
  memset(layout, -1, sizeof *layout);
  layout->continuation_return_pc = 0;
  if (!read_tables(&tables, symbol, context)) {
    snprintf(reason, reason_size, "this JVM does not export HotSpot's gHotSpotVMStructs tables");
    return false;
  }
  for (int i = 0; i < WANTED_COUNT; i++) {
    const struct wanted *wanted = &WANTED[i];
    bool found = look_up(&tables, wanted, layout);
    while (i + 1 < WANTED_COUNT && WANTED[i + 1].member == wanted->member) {
      i++;
      found = found || look_up(&tables, &WANTED[i], layout);
    }
    if (!found && !wanted->optional) {
      snprintf(reason, reason_size, "HotSpot's tables have no %s%s%s as this unwinder knows it",
               wanted->type,
               wanted->field == NULL ? "" : "::", wanted->field == NULL ? "" : wanted->field);
      return false;
    }
  }
  const char *missing = missing_form(layout);
  if (missing != NULL) {
    snprintf(reason, reason_size, "HotSpot's tables lack %s", missing);
    return false;
  }
  layout->release = release_of(&tables);
  return true;
}
