package io.pfagent.report;

import java.io.PrintWriter;

/** Prints a document for a terminal. */
final class TextReport {

  private final PrintWriter out;

  private TextReport(PrintWriter out) {
    this.out = out;
  }

  static void print(Document document, PrintWriter out) {
    new TextReport(out).print(document);
  }

  private void print(Document document) {
    out.println(Units.clean(document.title()));
    out.println();
    for (Document.Fact fact : document.facts()) {
      out.printf("  %-10s  %s%n", fact.label(), Units.clean(fact.text()));
    }
    for (Section section : document.sections()) {
      out.println();
      out.println(section.title());
      section.blocks().forEach(this::print);
    }
  }

  private void print(Section.Block block) {
    if (block instanceof Section.Line line) {
      out.println("  " + line.text());
    } else if (block instanceof Section.Text text) {
      Paragraph.print(out, text.text());
    } else if (block instanceof Table table) {
      table.print(out);
    }
  }
}
