/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The system calls that multi_page_alloc-6.12.patch adds.
 *
 * No maintained kernel has them: before calling a number, look for
 * /proc/self/multi_page_alloc, which only a patched kernel has.
 *
 * The numbers are the same on x86-64 (arch/x86/entry/syscalls/syscall_64.tbl)
 * and aarch64 (scripts/syscall.tbl). Linux hands numbers out upwards, the same
 * on both; 6.12 ends at 462, and 512 to 547 are taken by x32.
 */
#ifndef MULTI_PAGE_ALLOC_H
#define MULTI_PAGE_ALLOC_H

/* Returns 0 at once. */
#define NR_HELLO_KERNEL 548

/*
 * multi_page_alloc(n): n pages per page fault from 1 to MULTI_PAGE_ALLOC_MAX,
 * returns 0; with n = 0, returns the setting; EINVAL for any other n.
 */
#define NR_MULTI_PAGE_ALLOC 549

#define MULTI_PAGE_ALLOC_MAX 512

/* One decimal number: the setting of the process. /proc/PID/ has it too. */
#define MULTI_PAGE_ALLOC_FILE "/proc/self/multi_page_alloc"

#endif
