// SPDX-License-Identifier: GPL-2.0
/*
 * stress PROCESSES: many short processes that ask for several pages per fault
 * and treat their memory as badly as a program may: threads, partial munmap,
 * mprotect that splits, MADV_DONTNEED, MADV_FREE, MADV_PAGEOUT, mremap, mlock,
 * fork with copy-on-write, huge pages or none, sudden death. Each checks that its
 * memory holds what it wrote, or zeroes. The kernel's own checks find the
 * rest: a wrong rss counter shows in its log when a process ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "multi_page_alloc.h"

enum {
	TABLES = 6,
	OWN_PAGES = 3 * TABLE_PAGES, /* the first ones, for the main thread */
	SHARED_PAGES = 3 * TABLE_PAGES, /* the others, for all threads */
	THREADS = 4,
	STEPS = 400,
};

static const unsigned int SETTINGS[] = { 1, 2, 3, 16, 32, 100, 256, 512 };

/* What the main thread knows of its pages: 0 is never written, or released. */
static unsigned char own[OWN_PAGES];
static char *memory;

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void fail(const char *what, size_t page)
{
	fprintf(stderr, "stress: %s at page %zu of process %d\n", what, page,
		(int)getpid());
	_exit(1);
}

/* ---- Pages of all threads: each holds 0 or 1 */

static void *use_shared_pages(void *seed)
{
	uint64_t state = (uintptr_t)seed;
	char *shared = memory + OWN_PAGES * PAGE;

	for (int i = 0; i < STEPS * 4; i++) {
		size_t page = next_random(&state) % (SHARED_PAGES - 64);
		char *start = shared + page * PAGE;

		switch (next_random(&state) % 64) {
		case 0:
			madvise(start, 64 * PAGE, MADV_DONTNEED);
			break;
		case 1:
			madvise(start, 64 * PAGE, MADV_PAGEOUT);
			break;
		case 2:
			multi_page_alloc(SETTINGS[next_random(&state) % 8]);
			break;
		default:
			if (next_random(&state) % 2)
				write_page(start, 1);
			else if (read_page(start) & ~1)
				fail("a foreign value", OWN_PAGES + page);
		}
	}
	return NULL;
}

/* ---- Pages of the main thread */

static void check_own_page(size_t page)
{
	if (!page_is(memory + page * PAGE, own[page]))
		fail("a wrong value", page);
}

static void protect(size_t page, size_t pages, int protection)
{
	if (mprotect(memory + page * PAGE, pages * PAGE, protection))
		die("mprotect");
}

/* Unmaps and maps anew: the neighbours' slots end there for a while. */
static void replace(size_t page, size_t pages)
{
	char *start = memory + page * PAGE;

	if (munmap(start, pages * PAGE))
		die("munmap");
	write_page(memory + (page - 1) * PAGE, own[page - 1]);
	if (mmap(start, pages * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != start)
		die("mmap");
	memset(own + page, 0, pages);
}

/* Moves pages away and back. */
static void move(size_t page, size_t pages)
{
	char *start = memory + page * PAGE;
	char *away = mmap(NULL, pages * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (away == MAP_FAILED)
		die("mmap");
	if (mremap(start, pages * PAGE, pages * PAGE,
		   MREMAP_MAYMOVE | MREMAP_FIXED, away) != away) {
		/* What was treated differently is not one mapping any more. */
		if (errno != EFAULT)
			die("mremap");
		munmap(away, pages * PAGE);
		return;
	}
	if (mremap(away, pages * PAGE, pages * PAGE,
		   MREMAP_MAYMOVE | MREMAP_FIXED, start) != start)
		die("mremap");
}

static void fork_and_write(size_t page, size_t pages)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		die("fork");
	for (size_t i = page; i < page + pages; i += child ? 3 : 2) {
		check_own_page(i);
		own[i] = child ? 77 : 88;
		write_page(memory + i * PAGE, own[i]);
	}
	for (size_t i = 0; i < OWN_PAGES; i++)
		check_own_page(i);
	if (!child) {
		if (page % 2)
			execl("/bin/true", "true", NULL);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status)
		fail("a child that failed", page);
}

static void use_own_pages(uint64_t *state, int step)
{
	size_t pages = next_random(state) % 64 + 1;
	size_t page = next_random(state) % (OWN_PAGES - 66) + 1;
	char *start = memory + page * PAGE;

	switch (next_random(state) % 16) {
	case 0:
		/* Locked pages cannot be released. */
		munlock(start, pages * PAGE);
		if (madvise(start, pages * PAGE, MADV_DONTNEED))
			die("madvise(MADV_DONTNEED)");
		memset(own + page, 0, pages);
		break;
	case 1:
		madvise(start, pages * PAGE, MADV_PAGEOUT);
		break;
	case 2:
		protect(page, pages, PROT_READ);
		check_own_page(page);
		protect(page, pages, PROT_READ | PROT_WRITE);
		break;
	case 3:
		replace(page, pages);
		break;
	case 4:
		move(page, pages);
		break;
	case 5:
		if (!mlock(start, pages * PAGE) && step % 2)
			munlock(start, pages * PAGE);
		break;
	case 6:
		madvise(start, pages * PAGE,
			step % 2 ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		break;
	case 7:
		if (step % 4 == 0)
			fork_and_write(page, pages);
		break;
	case 8:
	case 9:
	case 10:
		for (size_t i = page; i < page + pages; i++)
			check_own_page(i);
		break;
	default:
		for (size_t i = page; i < page + pages; i++) {
			own[i] = next_random(state);
			write_page(memory + i * PAGE, own[i]);
		}
	}
}

/* ---- */

static void run_process(int number)
{
	pthread_t thread[THREADS];
	uint64_t state = number * 7919 + 1;

	multi_page_alloc(SETTINGS[number % 8]);
	without_large_folios = number % 3 == 1;
	memory = map_tables(TABLES);
	if (number % 3 == 0)
		madvise(memory, TABLES * TABLE_PAGES * PAGE, MADV_HUGEPAGE);
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, use_shared_pages,
				   (void *)(number * THREADS + i + 1)))
			die("pthread_create");
	for (int step = 0; step < STEPS; step++)
		use_own_pages(&state, step);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	for (size_t i = 0; i < OWN_PAGES; i++)
		check_own_page(i);
	/* MADV_FREE may or may not lose what was there: last, unchecked. */
	madvise(memory, OWN_PAGES * PAGE, MADV_FREE);
	for (size_t i = 0; i < OWN_PAGES; i += 2)
		write_page(memory + i * PAGE, 1);
	if (number % 7 == 0)
		kill(getpid(), SIGKILL);
}

/* Whether one of the processes failed; some kill themselves on purpose. */
static int wait_failed(void)
{
	int status;

	if (wait(&status) < 0)
		die("wait");
	return WIFEXITED(status) ? status != 0 : WTERMSIG(status) != SIGKILL;
}

int main(int argc, char **argv)
{
	const int processes = argc > 1 ? atoi(argv[1]) : 64;
	int running = 0, failed = 0;

	require_patched_kernel();
	for (int i = 0; i < processes; i++) {
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (child == 0) {
			run_process(i);
			_exit(0);
		}
		if (++running == 4) {
			failed += wait_failed();
			running--;
		}
	}
	for (; running > 0; running--)
		failed += wait_failed();
	printf("stress: %d processes, %d failed\n", processes, failed);
	return failed > 0;
}
