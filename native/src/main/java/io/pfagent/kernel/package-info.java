/**
 * The kernel's side: C library calls, perf events, and the parsers of {@code /proc} and {@code
 * /sys}. The only package that imports JNA.
 */
package io.pfagent.kernel;
