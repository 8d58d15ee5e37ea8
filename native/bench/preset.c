// SPDX-License-Identifier: GPL-2.0
/*
 * A library for LD_PRELOAD: sets the pages per fault that PAGES_PER_FAULT names,
 * before main. exec resets the setting, so no parent can do it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "multi_page_alloc.h"

__attribute__((constructor)) static void preset(void)
{
	const char *pages = getenv("PAGES_PER_FAULT");

	if (!pages || access(MULTI_PAGE_ALLOC_FILE, R_OK))
		return;
	if (syscall(NR_MULTI_PAGE_ALLOC, atoi(pages)))
		perror("multi_page_alloc");
}
