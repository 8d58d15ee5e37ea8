package io.pfagent.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /proc/self/status} says of a process's rights (proc_pid_status(5)).
 *
 * @param capabilities its effective capabilities, a bit for each number of capabilities(7)
 * @param seccompMode 0 none, 1 strict, 2 filter; -1 if unknown
 * @param hugePages false if prctl(2) PR_SET_THP_DISABLE has switched large pages off
 */
record ProcessRights(long capabilities, int seccompMode, boolean hugePages) {

  /** Numbers of capabilities(7). */
  static final int CAP_SYS_ADMIN = 21;

  static final int CAP_PERFMON = 38;

  static final int CAP_BPF = 39;

  private static final int FILTER = 2;

  private static final Pattern EFFECTIVE = Pattern.compile("(?m)^CapEff:\\s+(\\p{XDigit}{1,16})$");
  private static final Pattern SECCOMP = Pattern.compile("(?m)^Seccomp:\\s+(\\d)$");
  private static final Pattern HUGE_PAGES_OFF = Pattern.compile("(?m)^THP_enabled:\\s+0$");

  static ProcessRights parse(String status) {
    Matcher effective = EFFECTIVE.matcher(status);
    Matcher seccomp = SECCOMP.matcher(status);
    return new ProcessRights(
        effective.find() ? Long.parseUnsignedLong(effective.group(1), 16) : 0,
        seccomp.find() ? Integer.parseInt(seccomp.group(1)) : -1,
        !HUGE_PAGES_OFF.matcher(status).find());
  }

  boolean has(int capability) {
    return (capabilities >>> capability & 1) != 0;
  }

  boolean hasFilter() {
    return seccompMode == FILTER;
  }
}
