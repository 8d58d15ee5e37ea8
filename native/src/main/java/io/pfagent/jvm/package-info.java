/**
 * The JVM's side: which Java methods stand at a pc of compiled code, and where the JVM keeps what.
 * Knows {@code io.pfagent.kernel}, and nothing of the agent.
 */
package io.pfagent.jvm;
