package io.pfagent.kernel;

/**
 * What a calibration had to leave out.
 *
 * @param what a call, or a number of pages per fault
 * @param reason why this machine doesn't give it, for a person
 */
public record NotMeasured(String what, String reason) {}
