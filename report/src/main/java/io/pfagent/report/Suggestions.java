package io.pfagent.report;

import java.util.ArrayList;
import java.util.List;

/** What to try, only where the recording proves that it would help. */
final class Suggestions {

  /** Below this share of all faults a matter is not what slows the process down. */
  private static final double MIN_SHARE = 0.1;

  /** Fewer faults cost less than the attention. */
  private static final long MIN_FAULTS = 1_000;

  /** One region that comes and goes may do so once; from here on it is a habit. */
  private static final long MIN_FREED = 2;

  /** Faults per page that tell that the kernel gave out single pages. */
  private static final double ONE_BY_ONE = 0.9;

  /** Preallocation pays in regions of some size only. */
  private static final long MIN_REGION_BYTES = 1L << 20;

  /** With fewer whole stacks than this, callers stay unknown too often. */
  private static final double ENOUGH_STACKS = 0.5;

  private static final String PREALLOC = "java -jar pfagent.jar prealloc PID 16";

  private final List<SiteTotals> sites;
  private final SampleSummary samples;
  private final Environment environment;
  private final long processFaults;

  private Suggestions(
      List<SiteTotals> sites, SampleSummary samples, Environment environment, long processFaults) {
    this.sites = sites;
    this.samples = samples;
    this.environment = environment;
    this.processFaults = processFaults;
  }

  /**
   * Gives the suggestions, most telling first.
   *
   * @param processFaults of the same time as the sites' covered faults, or unknown
   */
  static List<String> of(
      List<SiteTotals> sites, SampleSummary samples, Environment environment, long processFaults) {
    Suggestions suggestions = new Suggestions(sites, samples, environment, processFaults);
    List<String> all = new ArrayList<>();
    add(
        all,
        "keep the memory and use it again (a pool): each of these regions took one fault per "
            + Units.bytes(environment.pageBytes())
            + " page, and was freed: ",
        suggestions.pools());
    add(
        all,
        "let the kernel hand out more pages per fault ("
            + PREALLOC
            + "), and compare before and after in the next report: these regions fault page by"
            + " page all over: ",
        suggestions.preallocations());
    add(
        all,
        "tell the kernel that files are read at random (adviseRegion with random): it reads ahead"
            + " for nothing: ",
        suggestions.randomFiles());
    suggestions.kinds(all);
    suggestions.quality(all);
    return all;
  }

  private static void add(List<String> all, String advice, List<String> proofs) {
    if (!proofs.isEmpty()) {
      all.add(advice + String.join("; ", proofs));
    }
  }

  private List<String> pools() {
    return sites.stream()
        .filter(site -> site.regions() - site.liveRegions() >= MIN_FREED)
        .filter(this::faultsPageByPage)
        .filter(site -> processFaults <= 0 || site.coveredFaults() >= MIN_SHARE * processFaults)
        .map(
            site ->
                "%s (%s faults for %s of %s)"
                    .formatted(
                        site.site(),
                        Units.count(site.plainFaults()),
                        Units.plural(site.plainRegions(), "region"),
                        Units.bytes(site.plainBytes())))
        .toList();
  }

  private boolean faultsPageByPage(SiteTotals site) {
    return site.plainFaults() >= MIN_FAULTS
        && site.plainFaults() >= ONE_BY_ONE * site.plainBytes() / environment.pageBytes();
  }

  private List<String> preallocations() {
    return samples.regions().rows().stream()
        .filter(region -> !"mapped-file".equals(region.kind()))
        .filter(region -> region.sizeBytes() >= MIN_REGION_BYTES && region.preallocPages() <= 1)
        .filter(region -> matters(region.faults()))
        .filter(
            region -> region.faults() >= ONE_BY_ONE * region.sizeBytes() / environment.pageBytes())
        .map(
            region ->
                "region %d of %s, %s, %s faults, from %s"
                    .formatted(
                        region.regionId(),
                        Units.bytes(region.sizeBytes()),
                        region.pattern().order(),
                        Units.count(region.faults()),
                        region.site()))
        .toList();
  }

  private List<String> randomFiles() {
    return samples.regions().rows().stream()
        .filter(region -> "mapped-file".equals(region.kind()))
        .filter(region -> AccessOrder.RANDOM.equals(region.pattern().order()))
        .filter(region -> majorFaults(region.path()) >= MIN_FAULTS)
        .map(region -> "region %d, %s".formatted(region.regionId(), region.path()))
        .toList();
  }

  private long majorFaults(String path) {
    return samples.majors().rows().stream()
        .filter(row -> row.file().equals(path))
        .mapToLong(MajorFaults.Row::faults)
        .sum();
  }

  private void kinds(List<String> all) {
    for (KindTotals.Row kind : samples.kinds()) {
      String advice = KindAdvice.of(kind.kind());
      if (advice != null && matters(kind.faults())) {
        all.add(
            "%s: %s faults are of the kind %s (%s)"
                .formatted(
                    advice,
                    Units.count(kind.faults()),
                    kind.kind(),
                    Units.percent(kind.faults(), samples.account().allFaults())));
      }
    }
  }

  private boolean matters(long faults) {
    long all = samples.account().allFaults();
    return faults >= MIN_FAULTS && (all <= 0 || faults >= MIN_SHARE * all);
  }

  private void quality(List<String> all) {
    SampleQuality quality = samples.quality();
    if (quality.lostSamples() > 0) {
      all.add(
          "sample fewer faults (sample=auto, or a larger N): %s samples were lost"
              .formatted(Units.count(quality.lostSamples())));
    }
    if (quality.samples() >= MIN_FAULTS && quality.completeStacks() < ENOUGH_STACKS) {
      all.add(
          "for whole stacks, use stacks=auto, or start the JVM with -XX:+PreserveFramePointer:"
              + " only %s of the samples have one"
                  .formatted(
                      Units.percent(
                          Math.round(quality.completeStacks() * quality.samples()),
                          quality.samples())));
    }
  }
}
