#include "unwind_modules.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_HEADERS = 64,
  MOST_DYNAMIC = 256,
  MOST_EXPORTS = 1 << 17,
  MOST_FUNCTION_BYTES = 1 << 24,
  MAPS_LINE = 4096 + 128,
};

static const int64_t SOONEST_NANOS = 1000000000;
static const int64_t LATEST_NANOS = 10000000000;

/* One line of /proc/self/maps, see proc_pid_maps(5). */
struct mapping {
  uint64_t low;
  uint64_t high;
  uint64_t offset;
  bool executable;
  const char *path;
};

static bool parse_mapping(const char *line, struct mapping *mapping) {
  unsigned long low, high, offset;
  char rights[5];
  int path = 0;
  if (sscanf(line, "%lx-%lx %4s %lx %*s %*s %n", &low, &high, rights, &offset, &path) != 4 ||
      path == 0) {
    return false;
  }
  *mapping = (struct mapping){low, high, offset, rights[2] == 'x', line + path};
  return true;
}

/* Files, and the kernel's own library; neither [stack] and its like, nor /dev, nor memfd. */
static bool is_library(const char *path) {
  return strcmp(path, "[vdso]") == 0 ||
         (path[0] == '/' && strncmp(path, "/dev/", 5) != 0 && strncmp(path, "/memfd:", 7) != 0);
}

static void set_name(struct unwind_module *module, const char *path) {
  static const char DELETED[] = " (deleted)";
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  size_t length = strlen(name);
  size_t suffix = sizeof DELETED - 1;
  if (length > suffix && strcmp(name + length - suffix, DELETED) == 0) {
    length -= suffix;
  }
  length = length < UNWIND_MODULE_NAME - 1 ? length : UNWIND_MODULE_NAME - 1;
  memcpy(module->name, name, length);
  module->name[length] = '\0';
}

static void add_executable(struct unwind_modules *modules, const struct mapping *mapping,
                           uint64_t base) {
  if (modules->count > 0 && modules->modules[modules->count - 1].base == base) {
    modules->modules[modules->count - 1].high = mapping->high;
    return;
  }
  if (modules->count == UNWIND_MODULES) {
    return;
  }
  struct unwind_module *module = &modules->modules[modules->count++];
  memset(module, 0, sizeof *module);
  module->low = mapping->low;
  module->high = mapping->high;
  module->base = base;
  set_name(module, mapping->path);
}

static bool read_list(struct unwind_modules *modules) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (maps == NULL) {
    return false;
  }
  static char line[MAPS_LINE];
  static char path[MAPS_LINE];
  uint64_t base = 0;
  path[0] = '\0';
  while (fgets(line, sizeof line, maps) != NULL) {
    struct mapping mapping;
    line[strcspn(line, "\n")] = '\0';
    if (!parse_mapping(line, &mapping) || !is_library(mapping.path)) {
      continue;
    }
    if (mapping.offset == 0 || strcmp(path, mapping.path) != 0) {
      base = mapping.offset == 0 ? mapping.low : 0;
      snprintf(path, sizeof path, "%s", mapping.path);
    }
    if (mapping.executable && base != 0) {
      add_executable(modules, &mapping, base);
    }
  }
  fclose(maps);
  return true;
}

bool unwind_module_read(struct unwind_module *module, struct unwind_memory *memory) {
  Elf64_Ehdr elf;
  if (!unwind_read(memory, module->base, &elf, sizeof elf) ||
      memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
      elf.e_phentsize != sizeof(Elf64_Phdr) || elf.e_phnum > MOST_HEADERS) {
    return false;
  }
  bool loaded = false;
  Elf64_Phdr headers[MOST_HEADERS];
  if (!unwind_read(memory, module->base + elf.e_phoff, headers, elf.e_phnum * sizeof *headers)) {
    return false;
  }
  for (int i = 0; i < elf.e_phnum && !loaded; i++) {
    if (headers[i].p_type == PT_LOAD) {
      loaded = true;
      module->bias = module->base - (headers[i].p_vaddr - headers[i].p_offset);
    }
  }
  for (int i = 0; i < elf.e_phnum; i++) {
    if (headers[i].p_type == PT_GNU_EH_FRAME) {
      module->frame_header = module->bias + headers[i].p_vaddr;
    } else if (headers[i].p_type == PT_DYNAMIC) {
      module->dynamic = module->bias + headers[i].p_vaddr;
    }
  }
  return loaded;
}

bool unwind_modules_refresh(struct unwind_modules *modules, struct unwind_memory *memory,
                            int64_t now) {
  int64_t age = now - modules->read_at;
  if (modules->read_at != 0 && age < (modules->missed ? SOONEST_NANOS : LATEST_NANOS)) {
    return false;
  }
  unwind_modules_free(modules);
  modules->read_at = now;
  modules->missed = false;
  if (!read_list(modules)) {
    return true;
  }
  for (int i = 0; i < modules->count; i++) {
    unwind_module_read(&modules->modules[i], memory);
  }
  return true;
}

void unwind_modules_free(struct unwind_modules *modules) {
  for (int i = 0; i < modules->count; i++) {
    free(modules->modules[i].exports);
  }
  modules->count = 0;
}

struct unwind_module *unwind_module_at(struct unwind_modules *modules, uint64_t pc) {
  int low = 0;
  int high = modules->count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    struct unwind_module *module = &modules->modules[middle];
    if (pc >= module->low && pc < module->high) {
      return module;
    }
    if (pc < module->low) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  modules->missed = true;
  return NULL;
}

/* glibc writes absolute addresses into a loaded library's dynamic section, others leave offsets. */
static uint64_t dynamic_address(const struct unwind_module *module, uint64_t value) {
  return value < module->base ? value + module->bias : value;
}

/*
 * How many dynamic symbols there are, for no table tells it: the highest that a bucket of the hash
 * table begins with, and on to the end of its chain (the layout is that of GNU ld's DT_GNU_HASH).
 */
static uint32_t count_symbols(struct unwind_memory *memory, uint64_t hash) {
  uint32_t head[4]; /* buckets, first hashed symbol, words of the filter, shift */
  if (!unwind_read(memory, hash, head, sizeof head) || head[0] > MOST_EXPORTS) {
    return 0;
  }
  uint64_t buckets = hash + sizeof head + 8 * (uint64_t)head[2];
  uint64_t chains = buckets + 4 * (uint64_t)head[0];
  uint32_t last = 0;
  for (uint32_t i = 0; i < head[0]; i++) {
    uint32_t first;
    if (!unwind_read_u32(memory, buckets + 4 * i, &first)) {
      return 0;
    }
    last = first > last ? first : last;
  }
  for (uint32_t link = 0; last >= head[1] && last < MOST_EXPORTS && (link & 1) == 0; last++) {
    if (!unwind_read_u32(memory, chains + 4 * (uint64_t)(last - head[1]), &link)) {
      return 0;
    }
  }
  return last < MOST_EXPORTS ? last : 0;
}

static int by_address(const void *left, const void *right) {
  uint64_t a = ((const struct unwind_export *)left)->low;
  uint64_t b = ((const struct unwind_export *)right)->low;
  return a < b ? -1 : a > b;
}

static void collect_exports(struct unwind_module *module, struct unwind_memory *memory,
                            uint64_t symbols, uint32_t count) {
  struct unwind_export *exports = malloc(count * sizeof *exports);
  if (exports == NULL) {
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    Elf64_Sym symbol;
    if (!unwind_read(memory, symbols + i * sizeof symbol, &symbol, sizeof symbol)) {
      break;
    }
    if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF &&
        symbol.st_size > 0 && symbol.st_size < MOST_FUNCTION_BYTES) {
      uint64_t low = module->bias + symbol.st_value;
      exports[module->export_count++] =
          (struct unwind_export){low, low + symbol.st_size, symbol.st_name};
    }
  }
  qsort(exports, module->export_count, sizeof *exports, by_address);
  module->exports = exports;
}

static void read_exports(struct unwind_module *module, struct unwind_memory *memory) {
  uint64_t symbols = 0;
  uint64_t hash = 0;
  module->exports_read = true;
  for (uint64_t i = 0; i < MOST_DYNAMIC && module->dynamic != 0; i++) {
    Elf64_Dyn entry;
    if (!unwind_read(memory, module->dynamic + i * sizeof entry, &entry, sizeof entry) ||
        entry.d_tag == DT_NULL) {
      break;
    }
    uint64_t address = dynamic_address(module, entry.d_un.d_ptr);
    if (entry.d_tag == DT_SYMTAB) {
      symbols = address;
    } else if (entry.d_tag == DT_STRTAB) {
      module->strings = address;
    } else if (entry.d_tag == DT_GNU_HASH) {
      hash = address;
    }
  }
  uint32_t count = hash == 0 ? 0 : count_symbols(memory, hash);
  if (symbols != 0 && module->strings != 0 && count > 0) {
    collect_exports(module, memory, symbols, count);
  }
}

bool unwind_module_symbol(struct unwind_module *module, struct unwind_memory *memory, uint64_t pc,
                          char name[UNWIND_SYMBOL_NAME]) {
  if (!module->exports_read) {
    read_exports(module, memory);
  }
  uint32_t low = 0;
  uint32_t high = module->export_count;
  while (low < high) { /* to the first that begins after pc */
    uint32_t middle = low + (high - low) / 2;
    if (module->exports[middle].low <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && pc < module->exports[low - 1].high &&
         unwind_read_string(memory, module->strings + module->exports[low - 1].name, name,
                            UNWIND_SYMBOL_NAME);
}
