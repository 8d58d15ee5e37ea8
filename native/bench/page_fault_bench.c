// SPDX-License-Identifier: GPL-2.0
/*
 * What a system call and a page fault cost.
 *
 *   page_fault_bench calls        latency of a function call and of system calls
 *   page_fault_bench faults MIB   cost of the first write to each page, by pages
 *                                 per fault
 *
 * Lines of tab-separated fields; bench makes tables of them. On a kernel without
 * multi_page_alloc only what it has is measured: its numbers are never tried.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "multi_page_alloc.h"

enum {
	CALL_ROUNDS = 5,
	MAX_PAGES_PER_FAULT = 256,
};

static const size_t HUGE_PAGE = 2 << 20;

static bool patched;
static size_t page_size;

static void die(const char *call)
{
	perror(call);
	exit(1);
}

static double now(void) /* ns */
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static long minor_faults(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage))
		die("getrusage");
	return usage.ru_minflt;
}

/* ---- Calls */

static __attribute__((noinline)) long function(long n)
{
	__asm__ volatile("" : "+r"(n));
	return n;
}

static long call_function(void)
{
	return function(0);
}

static long call_getpid(void)
{
	return syscall(SYS_getpid); /* not glibc's: no wrapper, no cache */
}

static long call_hello_kernel(void)
{
	return syscall(NR_HELLO_KERNEL);
}

static long call_multi_page_alloc(void)
{
	return syscall(NR_MULTI_PAGE_ALLOC, 1);
}

/* The best of some rounds: what disturbs only adds. */
static double nanos_per_call(long (*call)(void), long calls)
{
	double best = 0;

	for (int round = 0; round < CALL_ROUNDS; round++) {
		double nanos = now();

		for (long i = 0; i < calls; i++)
			call();
		nanos = (now() - nanos) / calls;
		if (round == 0 || nanos < best)
			best = nanos;
	}
	return best;
}

static void measure_call(const char *name, long (*call)(void), long calls)
{
	printf("call\t%s\t%.2f\n", name, nanos_per_call(call, calls));
}

static void measure_calls(void)
{
	/* Through a pointer all of them, so that they differ by the call alone. */
	measure_call("function", call_function, 1000000);
	measure_call("getpid", call_getpid, 100000);
	if (!patched)
		return;
	measure_call("hello_kernel", call_hello_kernel, 100000);
	measure_call("multi_page_alloc", call_multi_page_alloc, 100000);
}

/* ---- Faults */

static void set_pages_per_fault(unsigned int pages)
{
	if (patched && syscall(NR_MULTI_PAGE_ALLOC, pages))
		die("multi_page_alloc");
}

/* Each page once: in order, or shuffled, the same way every time. */
static uint32_t *page_order(size_t pages, bool shuffle)
{
	uint32_t *order = malloc(pages * sizeof(*order));
	uint64_t random = 88172645463325252u;

	if (!order)
		die("malloc");
	for (size_t i = 0; i < pages; i++)
		order[i] = i;
	for (size_t i = pages - 1; shuffle && i > 0; i--) {
		uint32_t page = order[i];
		size_t other;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		other = random % (i + 1);
		order[i] = order[other];
		order[other] = page;
	}
	return order;
}

static void measure_faults(unsigned int per_fault, const uint32_t *order,
			   size_t pages, const char *pattern)
{
	const size_t size = pages * page_size;
	volatile char *start;
	double nanos;
	char *memory;
	long faults;

	memory = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	/* Whole page tables. */
	start = (char *)(((uintptr_t)memory + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1));
	/* Without the call, the kernel's own huge pages would spoil the count. */
	if (!patched)
		madvise((char *)start, size, MADV_NOHUGEPAGE);

	set_pages_per_fault(per_fault);
	faults = minor_faults();
	nanos = now();
	for (size_t i = 0; i < pages; i++)
		start[order[i] * page_size] = 1;
	nanos = now() - nanos;
	faults = minor_faults() - faults;
	set_pages_per_fault(1);

	printf("faults\t%s\t%u\t%.1f\t%ld\t%zu\n", pattern, per_fault,
	       nanos / pages, faults, pages);
	munmap(memory, size + HUGE_PAGE);
}

static void measure_all_faults(size_t mib)
{
	const size_t pages = (mib << 20) / page_size;

	for (int shuffle = 0; shuffle < 2; shuffle++) {
		const char *pattern = shuffle ? "random" : "sequential";
		uint32_t *order = page_order(pages, shuffle);

		for (unsigned int n = 1; n <= MAX_PAGES_PER_FAULT; n *= 2) {
			measure_faults(n, order, pages, pattern);
			if (!patched)
				break;
		}
		free(order);
	}
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	patched = !access(MULTI_PAGE_ALLOC_FILE, R_OK);
	page_size = sysconf(_SC_PAGESIZE);
	now(); /* the vDSO's first use is a fault of its own */
	if (argc == 2 && !strcmp(argv[1], "calls")) {
		measure_calls();
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "faults") && atol(argv[2]) > 0) {
		measure_all_faults(atol(argv[2]));
		return 0;
	}
	fprintf(stderr, "usage: %s calls\n       %s faults MIB\n", argv[0], argv[0]);
	return 2;
}
