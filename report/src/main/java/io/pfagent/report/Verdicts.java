package io.pfagent.report;

import java.util.List;

/**
 * What the changes of a recording brought.
 *
 * @param changes how many the recording holds
 * @param judged the latest of those that had an effect, by time
 * @param withoutEffect those that were refused
 */
record Verdicts(long changes, List<Verdict> judged, Ranking<Change> withoutEffect) {}
