package io.pfagent.kernel;

/**
 * What one operation costs on this machine: the data of the event {@code pfagent.CostCalibration}.
 *
 * @param operation what was measured, for example {@code anonymous-minor-fault}
 * @param pages pages touched in one sample
 * @param pattern the order in which they were touched, for example {@code sequential}
 * @param costNanos nanoseconds per page, the median of the samples; an estimate, not a promise
 * @param samples how often it was measured
 */
public record Cost(String operation, long pages, String pattern, long costNanos, long samples) {}
