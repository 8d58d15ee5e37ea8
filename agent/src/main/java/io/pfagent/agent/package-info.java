/** The entry ({@code premain}, {@code agentmain}, the command line), the options, the wiring. */
package io.pfagent.agent;
