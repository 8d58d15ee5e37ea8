package io.pfagent.chunk;

import jdk.jfr.Event;
import jdk.jfr.Name;

/** An event of the JVM's own, to compare samples with. */
@Name("test.Marker")
final class Marker extends Event {

  long number;
}
