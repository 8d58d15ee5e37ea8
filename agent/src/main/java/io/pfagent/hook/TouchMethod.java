package io.pfagent.hook;

import static net.bytebuddy.matcher.ElementMatchers.isAbstract;
import static net.bytebuddy.matcher.ElementMatchers.isMethod;
import static net.bytebuddy.matcher.ElementMatchers.isNative;
import static net.bytebuddy.matcher.ElementMatchers.nameMatches;
import static net.bytebuddy.matcher.ElementMatchers.not;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.matcher.ElementMatcher;

/**
 * Methods of one class that {@code touch=} names.
 *
 * @param className binary name, {@code package.Outer$Inner}
 * @param methodName name of the method; {@code *} stands for any part of it
 */
public record TouchMethod(String className, String methodName) {

  /** All overloads that have code; constructors are left out, for advice can't see them fail. */
  ElementMatcher<MethodDescription> matcher() {
    String expression =
        Arrays.stream(methodName.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return isMethod().and(not(isAbstract())).and(not(isNative())).and(nameMatches(expression));
  }

  /** As it stands in the option. */
  @Override
  public String toString() {
    return className + "::" + methodName;
  }
}
