package io.pfagent.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A part of the report: a title, and below it lines, wrapped texts and tables, in any order. */
final class Section {

  private final String title;
  private final List<Block> blocks = new ArrayList<>();

  Section(String title) {
    this.title = title;
  }

  /** What a section is made of. */
  sealed interface Block permits Line, Text, Table {}

  /** One line, printed as it is. */
  record Line(String text) implements Block {}

  /** A text of any length, wrapped where the page ends. */
  record Text(String text) implements Block {}

  Section line(String text) {
    blocks.add(new Line(Units.clean(text)));
    return this;
  }

  Section text(String text) {
    blocks.add(new Text(Units.clean(text)));
    return this;
  }

  Section table(Table table) {
    blocks.add(table);
    return this;
  }

  /** Adds the table of a ranking, and how many rows it leaves out. */
  Section ranking(Table table, Ranking<?> ranking, String noun) {
    table(table);
    if (ranking.left() > 0) {
      line("and %s more (see --top)".formatted(Units.plural(ranking.left(), noun)));
    }
    return this;
  }

  String title() {
    return title;
  }

  List<Block> blocks() {
    return Collections.unmodifiableList(blocks);
  }
}
