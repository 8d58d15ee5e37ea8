// SPDX-License-Identifier: GPL-2.0
/*
 * The native method of AllocateDirect.java. Without jni.h, so that no JDK's
 * headers are needed: the types of a static method's first arguments do not
 * matter, and jint is int.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include "multi_page_alloc.h"

/* 0, or -1 where the kernel lacks the call or refuses the number. */
int Java_AllocateDirect_setPagesPerFault(void *env, void *class, int pages);

int Java_AllocateDirect_setPagesPerFault(void *env, void *class, int pages)
{
	(void)env;
	(void)class;
	if (access(MULTI_PAGE_ALLOC_FILE, R_OK))
		return -1;
	return syscall(NR_MULTI_PAGE_ALLOC, pages);
}
