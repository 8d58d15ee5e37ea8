/**
 * The command line: one class per command. It runs inside an isolated class loader, so nothing here
 * relies on the thread context class loader or on the system class path.
 */
package io.pfagent.report;
