// SPDX-License-Identifier: GPL-2.0
/*
 * What multi_page_alloc() promises, one by one: first where a slot may be one
 * large folio, then where it must be pages. Ends with a line that counts what
 * held and what did not, and with 1 if something did not.
 *
 * Needs root (control groups, KSM) and a cgroup2 file system at /cgroup.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"
#include "multi_page_alloc.h"

static const char *test;
static int failures; /* of the test that runs */

#define expect(actual, expected) \
	expect_equal(#actual, actual, expected)

static void expect_equal(const char *what, long actual, long expected)
{
	if (actual == expected)
		return;
	printf("%s: %s is %ld, not %ld\n", test, what, actual, expected);
	failures++;
}

/* Runs code in a child; returns its exit status. */
static int in_child(int (*code)(void))
{
	int status;
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0)
		_exit(code());
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- The call */

static void hello_kernel_returns_zero(void)
{
	expect(hello_kernel(), 0);
}

static void default_is_one(void)
{
	expect(multi_page_alloc(0), 1);
	expect(multi_page_file(getpid()), 1);
}

static void range_is_1_to_512(void)
{
	static const unsigned int bad[] = { 513, 1024, 1u << 31, -1u };

	expect(multi_page_alloc(1), 0);
	expect(multi_page_alloc(MULTI_PAGE_ALLOC_MAX), 0);
	expect(multi_page_alloc(0), MULTI_PAGE_ALLOC_MAX);
	expect(multi_page_file(getpid()), MULTI_PAGE_ALLOC_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		errno = 0;
		expect(multi_page_alloc(bad[i]), -1);
		expect(errno, EINVAL);
	}
	expect(multi_page_alloc(0), MULTI_PAGE_ALLOC_MAX);
}

static int read_setting(void)
{
	return multi_page_alloc(0) == multi_page_file(getpid()) ?
		multi_page_alloc(0) : 0;
}

static int set_32(void)
{
	multi_page_alloc(32);
	return read_setting();
}

static int exec_itself(void)
{
	execl("/proc/self/exe", "semantics", "--setting", NULL);
	return 0;
}

static void *set_8(void *unused)
{
	(void)unused;
	multi_page_alloc(8);
	return NULL;
}

static void fork_inherits_and_exec_resets(void)
{
	multi_page_alloc(16);
	expect(in_child(read_setting), 16);
	expect(in_child(set_32), 32);
	expect(multi_page_alloc(0), 16);
	expect(in_child(exec_itself), 1);
}

static void threads_share(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, set_8, NULL))
		die("pthread_create");
	pthread_join(thread, NULL);
	expect(multi_page_alloc(0), 8);
}

static void others_can_be_read(void)
{
	int told[2];
	char byte;
	pid_t child;

	if (pipe(told))
		die("pipe");
	child = fork();
	if (child == 0) {
		multi_page_alloc(64);
		byte = write(told[1], "x", 1);
		pause();
	}
	if (read(told[0], &byte, 1) != 1)
		die("read");
	expect(multi_page_file(child), 64);
	expect(multi_page_file(getpid()), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(told[0]);
	close(told[1]);
}

/* ---- The slot */

static void write_fills_the_aligned_slot(void)
{
	char *memory = map_tables(1);
	long before_pages, before_faults;

	multi_page_alloc(16);
	before_pages = anonymous_pages();
	before_faults = faults();
	write_page(memory + 20 * PAGE, 1);
	expect(faults() - before_faults, 1);
	expect(anonymous_pages() - before_pages, 16);
	expect(present(memory, TABLE_PAGES), 16);
	expect(present(memory + 16 * PAGE, 16), 16);
	for (int i = 16; i < 32; i++)
		expect(page_is(memory + i * PAGE, i == 20), 1);
	unmap_tables(memory, 1);
	expect(anonymous_pages() - before_pages, 0);
}

static long large_folios(void)
{
	return read_file_number("/sys/kernel/mm/transparent_hugepage/"
				"hugepages-64kB/stats/anon_fault_alloc", "");
}

/* Where huge pages are not forbidden, and the whole slot can take one. */
static void empty_slot_gets_one_large_folio(void)
{
	char *memory = map_tables(1);
	const long before = large_folios();
	const int whole = !without_large_folios;

	multi_page_alloc(16);
	write_page(memory + 20 * PAGE, 1);
	expect(large_folios() - before, whole);
	expect(present(memory + 16 * PAGE, 16), 16);
	/* One that has a page already. */
	multi_page_alloc(1);
	write_page(memory + 32 * PAGE, 1);
	multi_page_alloc(16);
	write_page(memory + 33 * PAGE, 1);
	expect(large_folios() - before, whole);
	expect(present(memory + 32 * PAGE, 16), 16);
	/* One that the mapping ends in. */
	mprotect(memory + 78 * PAGE, 2 * PAGE, PROT_NONE);
	write_page(memory + 64 * PAGE, 1);
	expect(large_folios() - before, whole);
	expect(present(memory + 64 * PAGE, 16), 14);
	/* Each write after a read finds zero pages. */
	read_page(memory + 96 * PAGE);
	write_page(memory + 96 * PAGE, 1);
	expect(large_folios() - before, whole);
	unmap_tables(memory, 1);
}

/* A large folio of which a part was released, protected and written again. */
static void parts_of_a_slot_live_apart(void)
{
	char *memory = map_tables(1);
	const long before = anonymous_pages();

	multi_page_alloc(64);
	write_page(memory, 1);
	multi_page_alloc(1);
	for (int i = 0; i < 64; i++)
		write_page(memory + i * PAGE, i);
	mprotect(memory + 10 * PAGE, 10 * PAGE, PROT_READ);
	mprotect(memory + 12 * PAGE, PAGE, PROT_READ | PROT_WRITE);
	write_page(memory + 12 * PAGE, 99);
	if (madvise(memory + 30 * PAGE, 9 * PAGE, MADV_DONTNEED) ||
	    munmap(memory + 50 * PAGE, 3 * PAGE))
		die("release");
	expect(anonymous_pages() - before, 64 - 9 - 3);
	for (int i = 0; i < 64; i++) {
		if (i >= 50 && i < 53)
			continue;
		expect(page_is(memory + i * PAGE,
			       i == 12 ? 99 : i >= 30 && i < 39 ? 0 : i), 1);
	}
	unmap_tables(memory, 1);
}

static void new_pages_can_be_written(void)
{
	char *memory = map_tables(1);
	long before;

	multi_page_alloc(512);
	write_page(memory, 1);
	before = faults();
	for (int i = 1; i < TABLE_PAGES; i++)
		write_page(memory + i * PAGE, 1);
	expect(faults() - before, 0);
	unmap_tables(memory, 1);
}

static void slot_of_odd_size_counts_from_the_page_table(void)
{
	char *memory = map_tables(1);

	multi_page_alloc(100);
	write_page(memory + 250 * PAGE, 1);
	expect(present(memory, TABLE_PAGES), 100);
	expect(present(memory + 200 * PAGE, 100), 100);
	write_page(memory + 505 * PAGE, 1);
	expect(present(memory + 500 * PAGE, 12), 12);
	unmap_tables(memory, 1);
}

static void slot_ends_with_the_mapping(void)
{
	char *memory = map_tables(1);
	char *part = memory + 18 * PAGE;

	/* Five pages that can be written, amid others that cannot. */
	mprotect(memory, TABLE_PAGES * PAGE, PROT_READ);
	mprotect(part, 5 * PAGE, PROT_READ | PROT_WRITE);
	multi_page_alloc(16);
	write_page(part + 2 * PAGE, 1);
	expect(present(memory, TABLE_PAGES), 5);
	expect(present(part, 5), 5);
	multi_page_alloc(512);
	read_page(memory);
	expect(present(memory, TABLE_PAGES), 23);
	unmap_tables(memory, 1);
}

static void slot_ends_with_the_page_table(void)
{
	char *memory = map_tables(2);
	char *boundary = memory + TABLE_PAGES * PAGE;

	multi_page_alloc(512);
	write_page(boundary - PAGE, 1);
	expect(present(memory, TABLE_PAGES), 512);
	expect(present(boundary, TABLE_PAGES), 0);
	unmap_tables(memory, 2);
}

static void present_pages_are_kept(void)
{
	char *memory = map_tables(1);

	for (int i = 0; i < TABLE_PAGES; i += 3)
		write_page(memory + i * PAGE, 42);
	multi_page_alloc(512);
	write_page(memory + PAGE, 7);
	expect(present(memory, TABLE_PAGES), 512);
	for (int i = 0; i < TABLE_PAGES; i++)
		expect(page_is(memory + i * PAGE,
			       i == 1 ? 7 : i % 3 ? 0 : 42), 1);
	unmap_tables(memory, 1);
}

static void faults_are_pages_divided_by_n(void)
{
	enum { TABLES = 4, PAGES = TABLES * TABLE_PAGES };

	for (int n = 1; n <= MULTI_PAGE_ALLOC_MAX; n *= 2) {
		for (int step = 1; step < 1000; step += 996) {
			char *memory = map_tables(TABLES);
			long before;

			multi_page_alloc(n);
			/* Page tables count as faults for nobody. */
			before = faults();
			for (int i = 0; i < PAGES; i++)
				write_page(memory + (size_t)i * step % PAGES * PAGE, 1);
			expect(faults() - before, PAGES / n);
			unmap_tables(memory, TABLES);
		}
	}
}

static void released_pages_fault_again(void)
{
	char *memory = map_tables(1);

	multi_page_alloc(16);
	write_page(memory, 1);
	if (madvise(memory, 8 * PAGE, MADV_DONTNEED))
		die("madvise(MADV_DONTNEED)");
	expect(present(memory, 16), 8);
	write_page(memory + PAGE, 2);
	expect(present(memory, 16), 16);
	expect(page_is(memory, 0), 1);
	unmap_tables(memory, 1);
}

/* ---- Reads, and writes after them */

static void read_fills_with_the_zero_page(void)
{
	char *memory = map_tables(1);
	long before_pages, before_faults;

	multi_page_alloc(16);
	before_pages = anonymous_pages();
	before_faults = faults();
	for (int i = 0; i < TABLE_PAGES; i++)
		expect(read_page(memory + i * PAGE), 0);
	expect(faults() - before_faults, TABLE_PAGES / 16);
	expect(anonymous_pages() - before_pages, 0);
	expect(present(memory, TABLE_PAGES), 512);
	unmap_tables(memory, 1);
}

static void write_after_read_fills_in_one_go(void)
{
	char *memory = map_tables(1);
	long before_pages, before_faults;

	multi_page_alloc(64);
	read_page(memory);
	before_pages = anonymous_pages();
	before_faults = faults();
	for (int i = 0; i < 64; i++)
		write_page(memory + (i * 7 + 5) % 64 * PAGE, 1);
	expect(faults() - before_faults, 1);
	expect(anonymous_pages() - before_pages, 64);
	for (int i = 0; i < 64; i++)
		expect(page_is(memory + i * PAGE, 1), 1);
	unmap_tables(memory, 1);
}

static void write_fills_a_slot_that_was_read_in_part(void)
{
	char *memory = map_tables(1);

	multi_page_alloc(8);
	read_page(memory);
	multi_page_alloc(32);
	write_page(memory + 20 * PAGE, 1);
	multi_page_alloc(1);
	long before = faults();
	for (int i = 0; i < 32; i++)
		write_page(memory + i * PAGE, 2);
	expect(faults() - before, 0);
	unmap_tables(memory, 1);
}

/* KSM counts the zero pages that it placed; the count must not stay behind. */
static void zero_page_of_ksm_is_accounted(void)
{
	static const char *const KSM = "/proc/self/ksm_stat";
	static const struct timespec tick = { .tv_nsec = 20000000 };
	char *memory = map_tables(1);

	for (int i = 0; i < 64; i++)
		write_page(memory + i * PAGE, 0);
	write_file("/sys/kernel/mm/ksm/use_zero_pages", "1");
	write_file("/sys/kernel/mm/ksm/pages_to_scan", "10000");
	write_file("/sys/kernel/mm/ksm/run", "1");
	if (madvise(memory, 64 * PAGE, MADV_MERGEABLE))
		die("madvise(MADV_MERGEABLE)");
	for (int i = 0; i < 1000 && read_file_number(KSM, "ksm_zero_pages") < 64; i++)
		nanosleep(&tick, NULL);
	write_file("/sys/kernel/mm/ksm/run", "0");
	expect(read_file_number(KSM, "ksm_zero_pages"), 64);
	multi_page_alloc(64);
	write_page(memory + 9 * PAGE, 1);
	expect(read_file_number(KSM, "ksm_zero_pages"), 0);
	expect(smaps_pages(memory, "Anonymous:"), 64);
	unmap_tables(memory, 1);
}

/* ---- What it leaves alone */

static void shared_memory_is_untouched(void)
{
	char *memory = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	multi_page_alloc(64);
	write_page(memory, 1);
	expect(present(memory, 64), 1);
	munmap(memory, 64 * PAGE);
}

static void files_are_untouched(void)
{
	int file = memfd_create("file", MFD_CLOEXEC);
	char *memory;

	if (file < 0 || ftruncate(file, 64 * PAGE))
		die("memfd_create");
	memory = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		      file, 0);
	multi_page_alloc(64);
	write_page(memory, 1);
	expect(present(memory, 64), 1);
	munmap(memory, 64 * PAGE);
	close(file);
}

static void userfaultfd_sees_every_page(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_zeropage zero = { .range.len = PAGE };
	char *memory = map_tables(1);
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	reg.range.start = (unsigned long)memory;
	reg.range.len = 64 * PAGE;
	zero.range.start = (unsigned long)(memory + 5 * PAGE);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg) ||
	    ioctl(fd, UFFDIO_ZEROPAGE, &zero))
		die("userfaultfd");
	multi_page_alloc(64);
	/* Copy-on-write of a page that is there: nobody needs to be asked. */
	write_page(memory + 5 * PAGE, 1);
	expect(present(memory, 64), 1);
	close(fd);
	unmap_tables(memory, 1);
}

static char *shared_with_child;

static int child_writes(void)
{
	long before = anonymous_pages();

	write_page(shared_with_child + 3 * PAGE, 9);
	/* A copy takes the place of the parent's page in the count. */
	return anonymous_pages() == before &&
		page_is(shared_with_child + 3 * PAGE, 9) &&
		page_is(shared_with_child + 4 * PAGE, 4);
}

static void copy_on_write_copies_one_page(void)
{
	char *memory = map_tables(1);
	long before;

	for (int i = 0; i < 64; i++)
		write_page(memory + i * PAGE, i);
	multi_page_alloc(64);
	shared_with_child = memory;
	expect(in_child(child_writes), 1);
	expect(page_is(memory + 3 * PAGE, 3), 1);
	/* The child is gone: its parent's pages are exclusive again. */
	before = faults();
	write_page(memory, 1);
	expect(faults() - before, 1);
	write_page(memory + PAGE, 1);
	expect(faults() - before, 2);
	unmap_tables(memory, 1);
}

/* Written through /proc/self/mem, as a debugger does. */
static void forced_write_takes_one_page(void)
{
	char *memory = map_tables(1);
	int file = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	mprotect(memory, 64 * PAGE, PROT_READ);
	multi_page_alloc(64);
	if (pwrite(file, "x", 1, (off_t)(memory + 9 * PAGE)) != 1)
		die("/proc/self/mem");
	expect(present(memory, 64), 1);
	expect(page_is(memory + 9 * PAGE, 'x'), 1);
	close(file);
	unmap_tables(memory, 1);
}

static void huge_pages_stay_huge(void)
{
	char *memory = map_tables(1);

	madvise(memory, TABLE_PAGES * PAGE, MADV_HUGEPAGE);
	multi_page_alloc(16);
	write_page(memory, 1);
	expect(smaps_pages(memory, "AnonHugePages:"), 512);
	unmap_tables(memory, 1);
}

/* ---- Limits */

static void locked_memory_is_counted_as_such(void)
{
	char *memory = map_tables(1);

	multi_page_alloc(16);
	if (mlock2(memory, 64 * PAGE, MLOCK_ONFAULT))
		die("mlock2");
	write_page(memory, 1);
	expect(smaps_pages(memory, "Locked:"), 16);
	if (mlock(memory + 64 * PAGE, 64 * PAGE))
		die("mlock");
	expect(present(memory + 64 * PAGE, 64), 64);
	unmap_tables(memory, 1);
}

static void make_group(const char *path)
{
	write_file("/cgroup/cgroup.subtree_control", "+memory");
	if (mkdir(path, 0755))
		die(path);
}

static void enter_group(const char *path)
{
	char file[256];

	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	write_file(file, "0");
}

static void leave_group(const char *path)
{
	write_file("/cgroup/cgroup.procs", "0");
	if (rmdir(path))
		die(path);
}

static int fill_the_limit(void)
{
	char *memory = map_tables(8);

	enter_group("/cgroup/limit");
	multi_page_alloc(512);
	for (int i = 0; i < 8; i++)
		write_page(memory + i * TABLE_PAGES * PAGE, 1);
	return 0;
}

/*
 * A slot is filled as far as the group's limit allows: nothing is reclaimed.
 * Looked at from outside, for whatever else asks for memory inside would meet
 * the limit as well.
 */
static void memory_limit_cuts_the_slot(void)
{
	make_group("/cgroup/limit");
	write_file("/cgroup/limit/memory.max", "16m");
	expect(in_child(fill_the_limit), 0);
	expect(read_file_number("/cgroup/limit/memory.peak", "") > 15 << 20, 1);
	expect(read_file_number("/cgroup/limit/memory.events", "max "), 0);
	expect(read_file_number("/cgroup/limit/memory.events", "oom "), 0);
	if (rmdir("/cgroup/limit"))
		die("rmdir");
}

/* Of the new pages, the group is charged with each one. */
static void memory_group_is_charged(void)
{
	char *memory = map_tables(4);

	make_group("/cgroup/charge");
	enter_group("/cgroup/charge");
	multi_page_alloc(512);
	for (int i = 0; i < 4; i++)
		write_page(memory + i * TABLE_PAGES * PAGE, 1);
	expect(read_file_number("/cgroup/charge/memory.stat", "anon ") / PAGE >=
		       4 * TABLE_PAGES, 1);
	unmap_tables(memory, 4);
	leave_group("/cgroup/charge");
}

static void limited_memory_is_swapped_and_kept(void)
{
	enum { TABLES = 24 };
	char *memory = map_tables(TABLES);

	make_group("/cgroup/swap");
	enter_group("/cgroup/swap");
	write_file("/cgroup/swap/memory.max", "24m");
	multi_page_alloc(512);
	for (int i = 0; i < TABLES * TABLE_PAGES; i++)
		write_page(memory + i * PAGE, i % 100 + 1);
	expect(read_file_number("/cgroup/swap/memory.events", "oom "), 0);
	for (int i = 0; i < TABLES * TABLE_PAGES; i++)
		expect(page_is(memory + i * PAGE, i % 100 + 1), 1);
	unmap_tables(memory, TABLES);
	leave_group("/cgroup/swap");
}

struct test {
	const char *name;
	void (*run)(void);
};

#define TEST(function) { #function, function }

static const struct test TESTS[] = {
	TEST(default_is_one),
	TEST(hello_kernel_returns_zero),
	TEST(range_is_1_to_512),
	TEST(fork_inherits_and_exec_resets),
	TEST(threads_share),
	TEST(others_can_be_read),
	TEST(write_fills_the_aligned_slot),
	TEST(empty_slot_gets_one_large_folio),
	TEST(parts_of_a_slot_live_apart),
	TEST(new_pages_can_be_written),
	TEST(slot_of_odd_size_counts_from_the_page_table),
	TEST(slot_ends_with_the_mapping),
	TEST(slot_ends_with_the_page_table),
	TEST(present_pages_are_kept),
	TEST(faults_are_pages_divided_by_n),
	TEST(released_pages_fault_again),
	TEST(read_fills_with_the_zero_page),
	TEST(write_after_read_fills_in_one_go),
	TEST(write_fills_a_slot_that_was_read_in_part),
	TEST(zero_page_of_ksm_is_accounted),
	TEST(shared_memory_is_untouched),
	TEST(files_are_untouched),
	TEST(userfaultfd_sees_every_page),
	TEST(copy_on_write_copies_one_page),
	TEST(forced_write_takes_one_page),
	TEST(huge_pages_stay_huge),
	TEST(locked_memory_is_counted_as_such),
	TEST(memory_limit_cuts_the_slot),
	TEST(memory_group_is_charged),
	TEST(limited_memory_is_swapped_and_kept),
};

#define TEST_COUNT (sizeof(TESTS) / sizeof(*TESTS))

/* All tests; returns how many failed. */
static int run_tests(void)
{
	const char *how = without_large_folios ? "pages" : "large folios";
	int failed = 0;

	for (size_t i = 0; i < TEST_COUNT; i++) {
		test = TESTS[i].name;
		failures = 0;
		TESTS[i].run();
		multi_page_alloc(1);
		printf("%s %s, %s\n", failures ? "FAILED" : "ok", test, how);
		failed += failures > 0;
	}
	return failed;
}

int main(int argc, char **argv)
{
	int failed;

	if (argc > 1 && !strcmp(argv[1], "--setting"))
		return read_setting();
	require_patched_kernel();
	setvbuf(stdout, NULL, _IOLBF, 0);
	failed = run_tests();
	without_large_folios = true;
	failed += run_tests();
	printf("%d passed, %d failed\n", (int)TEST_COUNT * 2 - failed, failed);
	return failed > 0;
}
