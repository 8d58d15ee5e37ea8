/** The JFR events and those who emit them: the only package of the agent that imports JFR. */
package io.pfagent.event;
