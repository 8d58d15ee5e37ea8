/**
 * Regions, fault counters and costs: pure Java, without JFR, JNA or ByteBuddy, so that each rule of
 * the account can be tested by itself.
 */
package io.pfagent.account;
