/**
 * Preallocation: how many pages the kernel hands out per fault, chosen, changed, guarded and taken
 * back while the application runs. Knows the kernel's side and the regions; who wants to hear of
 * changes (events, MXBeans) is told.
 */
package io.pfagent.prealloc;
