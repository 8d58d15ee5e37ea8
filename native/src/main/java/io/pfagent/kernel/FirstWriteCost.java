package io.pfagent.kernel;

/**
 * What the first write to each page of a large anonymous mapping costs.
 *
 * @param supply how many pages a fault brings, and by what
 * @param order in which the pages are written
 * @param perPage nanoseconds per base page, faults included
 * @param again the same writes once more, to pages that are there: what is no fault
 * @param pages base pages of the mapping
 * @param faults minor faults of a round, the median of the rounds
 */
public record FirstWriteCost(
    PageSupply supply,
    PageOrder order,
    RoundTimes perPage,
    RoundTimes again,
    long pages,
    long faults) {}
