#include "codemap_perfmap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
  /* perf takes no longer symbols: KSYM_NAME_LEN and a little. */
  MOST_LINE_BYTES = 640,
  /* Then it is written anew, without the code that is gone. */
  MOST_FILE_BYTES = 64 << 20,
};

struct text {
  char *bytes;
  size_t length;
  size_t capacity;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int file = -1;
static struct codemap *file_map;
static size_t file_bytes;
static size_t rewrite_at;

/* "start size symbol"; perf-map-agent writes methods the same way, and FlameGraph knows them. */
static size_t format_line(char *line, uint64_t start, uint64_t size,
                          const struct method_name *name) {
  bool stub = name->class_signature == NULL || name->class_signature[0] == 0;
  int length = snprintf(line, MOST_LINE_BYTES - 1, "%llx %llx %s%s%s", (unsigned long long)start,
                        (unsigned long long)size, stub ? "" : name->class_signature,
                        stub ? "" : "::", name->name == NULL ? "unknown" : name->name);
  if (length < 0) {
    return 0;
  }
  size_t end = length < MOST_LINE_BYTES - 1 ? (size_t)length : MOST_LINE_BYTES - 2;
  line[end] = '\n';
  return end + 1;
}

static int write_all(const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(file, bytes, length);
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    if (written > 0) {
      bytes += written;
      length -= (size_t)written;
      file_bytes += (size_t)written;
    }
  }
  return 0;
}

static void end(void) {
  if (file >= 0) {
    close(file);
    file = -1;
  }
}

static void append_line(void *argument, uint64_t start, uint64_t size,
                        const struct method_name *name) {
  struct text *text = argument;
  if (text->capacity - text->length < MOST_LINE_BYTES) {
    size_t capacity = text->capacity == 0 ? 1 << 16 : text->capacity * 2;
    char *bytes = realloc(text->bytes, capacity);
    if (bytes == NULL) {
      return; /* a line is missing, no more */
    }
    text->bytes = bytes;
    text->capacity = capacity;
  }
  text->length += format_line(text->bytes + text->length, start, size, name);
}

/* Gathered first: the map's lock isn't held while the disk works. */
static int write_map(void) {
  struct text text = {0};
  codemap_each(file_map, append_line, &text);
  int error = write_all(text.bytes, text.length);
  free(text.bytes);
  rewrite_at = file_bytes * 2 > MOST_FILE_BYTES ? file_bytes * 2 : MOST_FILE_BYTES;
  return error;
}

/* Not fstat(): it is a symbol of glibc 2.33, and the library is to load with older ones. */
static int status_of(int fd, struct stat *status) {
  return syscall(SYS_fstat, fd, status) == 0 ? 0 : errno;
}

/* /tmp is everybody's: nothing is followed, nobody else's file is written to. */
static int open_own(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return -errno;
  }
  struct stat status;
  int error = status_of(fd, &status);
  if (error == 0 && (!S_ISREG(status.st_mode) || status.st_uid != geteuid())) {
    error = EPERM;
  }
  if (error == 0 && ftruncate(fd, 0) != 0) {
    error = errno;
  }
  if (error != 0) {
    close(fd);
    return -error;
  }
  return fd;
}

int perfmap_start(struct codemap *map, const char *path) {
  pthread_mutex_lock(&lock);
  int error = EALREADY;
  if (file < 0) {
    file = open_own(path);
    file_map = map;
    file_bytes = 0;
    error = file < 0 ? -file : write_map();
    if (error != 0) {
      end();
      file = -1;
    }
  }
  pthread_mutex_unlock(&lock);
  return error;
}

void perfmap_stop(void) {
  pthread_mutex_lock(&lock);
  end();
  pthread_mutex_unlock(&lock);
}

/* What was appended in a long life with many unloads would grow without end. */
static int rewrite(void) {
  if (ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) != 0) {
    return errno;
  }
  file_bytes = 0;
  return write_map();
}

void perfmap_write(uint64_t start, uint64_t size, const struct method_name *name) {
  pthread_mutex_lock(&lock);
  if (file >= 0) {
    char line[MOST_LINE_BYTES];
    size_t length = format_line(line, start, size, name);
    int error = file_bytes + length > rewrite_at ? rewrite() : write_all(line, length);
    if (error != 0) {
      end();
    }
  }
  pthread_mutex_unlock(&lock);
}
