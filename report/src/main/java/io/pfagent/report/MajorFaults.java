package io.pfagent.report;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Adds up sampled major faults by the file whose pages they read. */
final class MajorFaults {

  private static final Comparator<Row> MOST_FIRST =
      Comparator.comparingLong(Row::faults).reversed().thenComparing(Row::file);

  private final Map<Key, Long> faults = new HashMap<>();
  private final Map<Long, String> paths = new HashMap<>();

  /** Regions that are not tracked have the id 0, and only their kind is known. */
  private record Key(long regionId, String kind) {}

  /**
   * One file, or a kind of memory where no file is known.
   *
   * @param regions how many regions of it faulted; 0 if they are not tracked
   */
  record Row(String file, String kind, long regions, long faults) {

    private Row plus(Row other) {
      return new Row(file, kind, regions + other.regions, faults + other.faults);
    }
  }

  void sample(long regionId, String kind, long weight) {
    faults.merge(new Key(Math.max(0, regionId), kind), weight, Long::sum);
  }

  /** Takes the path of a region; to be called once all samples are known. */
  void allocated(EventFields event) {
    long id = event.number("regionId");
    String path = event.text("path");
    if (path != null && faults.containsKey(new Key(id, event.text("kind")))) {
      paths.put(id, path);
    }
  }

  Ranking<Row> top(int top) {
    Map<String, Row> rows = new HashMap<>();
    faults.forEach(
        (key, count) -> {
          String file = paths.get(key.regionId());
          String name = file == null ? "(no file known: " + key.kind() + ")" : file;
          long regions = key.regionId() > 0 ? 1 : 0;
          rows.merge(name, new Row(name, key.kind(), regions, count), Row::plus);
        });
    return Ranking.of(rows.values(), MOST_FIRST, top);
  }
}
