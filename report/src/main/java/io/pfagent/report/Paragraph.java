package io.pfagent.report;

import java.io.PrintWriter;

/** A text of any length, wrapped between words. */
final class Paragraph {

  private static final String INDENT = "  ";
  private static final String CONTINUED = "      ";

  private Paragraph() {}

  /** Prints {@code text} indented, its further lines a bit more. */
  static void print(PrintWriter out, String text) {
    StringBuilder line = new StringBuilder(INDENT);
    boolean isEmpty = true;
    for (String word : Units.clean(text).split(" ")) {
      if (!isEmpty && line.length() + 1 + word.length() > Table.MAX_WIDTH) {
        out.println(line);
        line.setLength(0);
        line.append(CONTINUED);
        isEmpty = true;
      }
      line.append(isEmpty ? "" : " ").append(word);
      isEmpty = false;
    }
    out.println(line);
  }
}
