package io.pfagent.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The allocation sites of a recording, numbered so that a region needs only an int for its own. */
final class SiteTable {

  private final Map<String, Integer> indexes = new HashMap<>();
  private final List<SiteTotals> totals = new ArrayList<>();

  int indexOf(String site) {
    Integer index = indexes.get(site);
    if (index == null) {
      index = totals.size();
      totals.add(new SiteTotals(site));
      indexes.put(site, index);
    }
    return index;
  }

  SiteTotals get(int index) {
    return totals.get(index);
  }

  List<SiteTotals> all() {
    return Collections.unmodifiableList(totals);
  }
}
