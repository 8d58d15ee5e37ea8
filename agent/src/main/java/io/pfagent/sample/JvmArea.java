package io.pfagent.sample;

import io.pfagent.account.RegionKind;

/** Addresses of which the JVM itself tells what they are for. */
public record JvmArea(long start, long end, RegionKind kind) {}
