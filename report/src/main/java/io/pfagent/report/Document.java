package io.pfagent.report;

import java.util.List;

/**
 * A report as it is read, whether as text or as a page.
 *
 * @param title what it is about
 * @param facts what the figures come from, before the figures
 */
record Document(String title, List<Fact> facts, List<Section> sections) {

  /**
   * A labelled line; the label is empty where the one before goes on.
   *
   * @param text one line
   */
  record Fact(String label, String text) {}
}
