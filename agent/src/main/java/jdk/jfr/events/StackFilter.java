package jdk.jfr.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Stands in, at compile time only, for the JDK's annotation of the same name, which newer JDKs keep
 * in {@code jdk.jfr}: the methods that are left out of an event's stack. It isn't packed; a JDK
 * without it ignores the annotation, and the agent's own frames show.
 */
@Target(ElementType.TYPE)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
public @interface StackFilter {
  /** Class names, or {@code class::method}. */
  String[] value();
}
