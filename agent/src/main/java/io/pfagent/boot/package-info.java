/**
 * What lives inside {@code java.base} at run time: a holder and an interface, JDK types only. The
 * build renames the package to {@code java.lang}.
 */
package io.pfagent.boot;
