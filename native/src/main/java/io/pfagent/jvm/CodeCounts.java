package io.pfagent.jvm;

/**
 * What a {@link JavaCode} holds.
 *
 * @param methods compiled methods that are valid now
 * @param stubs stubs of the JVM that are valid now
 * @param retired unloaded methods that are kept for samples still to come
 * @param names methods whose names are kept
 * @param bytes memory outside the Java heap that all this takes; an estimate
 * @param loads methods and stubs seen ever
 * @param unloads methods seen to be unloaded ever
 * @param withoutInlining loads of which only the compiled method itself was kept, for want of room
 * @param dropped loads of which nothing was kept, for want of room
 */
public record CodeCounts(
    long methods,
    long stubs,
    long retired,
    long names,
    long bytes,
    long loads,
    long unloads,
    long withoutInlining,
    long dropped) {

  static final CodeCounts NONE = new CodeCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
