/** Measures what the agent costs. Nothing here is part of it. */
package io.pfagent.benchmarks;
