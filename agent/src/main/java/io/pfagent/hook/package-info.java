/**
 * Where the JVM allocates and touches off-heap memory: one file per instrumented JDK type, each
 * with what to match and advice of one to three lines that calls {@link
 * io.pfagent.boot.PfagentHooks}.
 */
package io.pfagent.hook;
