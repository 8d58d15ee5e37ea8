/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests ask the kernel about memory. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define PAGE ((size_t)4096)
#define TABLE_PAGES 512 /* entries of one page table */

/* Prints the call that failed, and ends the process. */
void die(const char *call) __attribute__((noreturn));

/* Ends the process if the kernel is another one, where the numbers may mean anything. */
void require_patched_kernel(void);

long hello_kernel(void);
long multi_page_alloc(unsigned int n);

/* The number in /proc/PID/multi_page_alloc. */
long multi_page_file(pid_t pid);

/*
 * Whether map_tables() forbids huge pages: then slots are filled with pages,
 * otherwise with one large folio where that is possible.
 */
extern bool without_large_folios;

/*
 * Private anonymous memory that starts with a page table, and has no neighbour
 * that the kernel could merge it with. Huge pages must not be the default.
 */
char *map_tables(int tables);
void unmap_tables(char *tables, int count);

/* Pages that are present, the zero page included. */
int present(const char *start, int pages);
bool is_present(const char *page);

/* A line of /proc/self/smaps for the mapping that has the address, in pages. */
long smaps_pages(const char *address, const char *line);

/* Anonymous memory of this process, in pages: exact. */
long anonymous_pages(void);

/* Page faults of this thread. */
long faults(void);

void write_page(char *page, char value);
char read_page(const char *page);

/* Whether a page has this value at its start and zeroes from there on. */
bool page_is(const char *page, char value);

/* Writes text into a file of /proc, /sys or a control group. */
void write_file(const char *path, const char *text);

/* The number after a name in a file of lines "name number"; -1 if none. */
long read_file_number(const char *path, const char *name);

#endif
