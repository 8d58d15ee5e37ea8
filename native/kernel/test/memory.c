// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "memory.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "multi_page_alloc.h"

bool without_large_folios;

void die(const char *call)
{
	perror(call);
	exit(1);
}

void require_patched_kernel(void)
{
	if (!access(MULTI_PAGE_ALLOC_FILE, R_OK))
		return;
	fputs("this kernel has no " MULTI_PAGE_ALLOC_FILE
	      ": run this in the guest\n", stderr);
	exit(1);
}

long hello_kernel(void)
{
	return syscall(NR_HELLO_KERNEL);
}

long multi_page_alloc(unsigned int n)
{
	return syscall(NR_MULTI_PAGE_ALLOC, n);
}

long multi_page_file(pid_t pid)
{
	char path[64];
	long pages = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/multi_page_alloc", (int)pid);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%ld", &pages) != 1)
		die(path);
	fclose(file);
	return pages;
}

/* One page table more than asked for, and what alignment takes. */
static size_t reserved(int tables)
{
	return (tables + 2) * TABLE_PAGES * PAGE;
}

char *map_tables(int tables)
{
	const size_t table = TABLE_PAGES * PAGE;
	const size_t size = tables * table;
	uintptr_t start;
	char *memory;

	/* What surrounds it stays PROT_NONE: another VMA. */
	memory = mmap(NULL, reserved(tables), PROT_NONE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	start = ((uintptr_t)memory + table) & ~(table - 1);
	memory = (char *)start;
	if (mprotect(memory, size, PROT_READ | PROT_WRITE))
		die("mprotect");
	if (without_large_folios && madvise(memory, size, MADV_NOHUGEPAGE))
		die("madvise(MADV_NOHUGEPAGE)");
	return memory;
}

/* The PROT_NONE rest stays: it is address space, not memory. */
void unmap_tables(char *tables, int count)
{
	if (munmap(tables, count * TABLE_PAGES * PAGE))
		die("munmap");
}

int present(const char *start, int pages)
{
	int count = 0;

	for (int i = 0; i < pages; i++)
		count += is_present(start + i * PAGE);
	return count;
}

/* Bit 63: Documentation/admin-guide/mm/pagemap.rst. */
bool is_present(const char *page)
{
	const off_t offset = (uintptr_t)page / PAGE * sizeof(uint64_t);
	static int pagemap = -1;
	static pid_t owner;
	uint64_t entry;

	if (owner != getpid()) {
		if (pagemap >= 0)
			close(pagemap);
		pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
		owner = getpid();
	}
	if (pread(pagemap, &entry, sizeof(entry), offset) != sizeof(entry))
		die("/proc/self/pagemap");
	return entry >> 63;
}

long smaps_pages(const char *address, const char *line)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	const size_t length = strlen(line);
	bool inside = false;
	uintptr_t start, end;
	char text[512];
	long kb = -1;

	if (!file)
		die("/proc/self/smaps");
	while (kb < 0 && fgets(text, sizeof(text), file)) {
		if (sscanf(text, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
			inside = (uintptr_t)address >= start && (uintptr_t)address < end;
		else if (inside && !strncmp(text, line, length))
			kb = atol(text + length);
	}
	fclose(file);
	return kb / 4;
}

/* smaps walks the page tables; /proc/self/status may lag behind. */
long anonymous_pages(void)
{
	long kb = read_file_number("/proc/self/smaps_rollup", "Anonymous:");

	if (kb < 0)
		die("/proc/self/smaps_rollup");
	return kb / 4;
}

long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt;
}

void write_page(char *page, char value)
{
	*(volatile char *)page = value;
}

char read_page(const char *page)
{
	return *(const volatile char *)page;
}

bool page_is(const char *page, char value)
{
	static const char zeroes[4096];

	return *page == value && !memcmp(page + 1, zeroes, PAGE - 1);
}

void write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	if (file < 0 || write(file, text, strlen(text)) < 0)
		die(path);
	close(file);
}

long read_file_number(const char *path, const char *name)
{
	const size_t length = strlen(name);
	FILE *file = fopen(path, "re");
	char text[512];
	long number = -1;

	if (!file)
		die(path);
	while (number < 0 && fgets(text, sizeof(text), file))
		if (!strncmp(text, name, length))
			number = atol(text + length);
	fclose(file);
	return number;
}
