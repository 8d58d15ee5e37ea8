/**
 * Sampled page faults: from the kernel's ring to region or kind of memory, thread and Java frames.
 * One daemon thread does all of it; the threads that fault run nothing of it.
 */
package io.pfagent.sample;
