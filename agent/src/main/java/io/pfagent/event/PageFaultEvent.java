package io.pfagent.event;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Registered;
import jdk.jfr.events.StackFilter;

/**
 * What all events of the agent share: their category, and a stack that starts with the woven method
 * rather than with the agent's own frames, where the JDK knows how to leave frames out. Their
 * fields are read by JFR, which asks for fields; they are filled in this package only.
 */
@Category("Page Faults")
@Registered(false)
@StackFilter({"java.lang.PfagentHooks", "io.pfagent.event.HookRecorder"})
abstract class PageFaultEvent extends Event {}
