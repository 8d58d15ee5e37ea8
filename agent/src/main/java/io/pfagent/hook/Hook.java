package io.pfagent.hook;

import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * A place to weave.
 *
 * @param name what people read in {@code pfagent.Capability}: class and method
 * @param type binary name of the class
 * @param method which of its methods
 * @param advice the class whose code is inlined there
 * @param fallback what is lost if this JDK has no such method
 */
record Hook(
    String name,
    String type,
    ElementMatcher<? super MethodDescription> method,
    Class<?> advice,
    String fallback) {}
