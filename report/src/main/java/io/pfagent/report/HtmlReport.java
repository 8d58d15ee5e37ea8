package io.pfagent.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Writes a document as one page that needs nothing else: no script, no font, no network. Every text
 * of the recording is escaped, so that names in it can't become markup.
 */
final class HtmlReport {

  private static final String STYLE = "report.css";

  private final PrintWriter out;

  private HtmlReport(PrintWriter out) {
    this.out = out;
  }

  /** Writes to {@code target} and leaves it open. */
  static void write(Document document, Writer target) throws IOException {
    PrintWriter out = new PrintWriter(target);
    new HtmlReport(out).write(document);
    if (out.checkError()) {
      throw new IOException("the page could not be written");
    }
  }

  private void write(Document document) throws IOException {
    out.println("<!DOCTYPE html>");
    out.println("<html lang=\"en\">");
    out.println("<head>");
    out.println("<meta charset=\"utf-8\">");
    out.println("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    out.println("<title>" + escape(document.title()) + "</title>");
    out.println("<style>");
    out.print(style());
    out.println("</style>");
    out.println("</head>");
    out.println("<body>");
    out.println("<main>");
    out.println("<h1>" + escape(document.title()) + "</h1>");
    facts(document.facts());
    document.sections().forEach(this::section);
    out.println("</main>");
    out.println("</body>");
    out.println("</html>");
  }

  private static String style() throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void facts(List<Document.Fact> facts) {
    out.println("<dl>");
    for (Document.Fact fact : facts) {
      if (!fact.label().isEmpty()) {
        out.println("<dt>" + escape(fact.label()) + "</dt>");
      }
      out.println("<dd>" + escape(fact.text()) + "</dd>");
    }
    out.println("</dl>");
  }

  private void section(Section section) {
    out.println("<section>");
    out.println("<h2>" + escape(section.title()) + "</h2>");
    for (Section.Block block : section.blocks()) {
      if (block instanceof Section.Line line) {
        out.println("<p class=\"line\">" + escape(line.text()) + "</p>");
      } else if (block instanceof Section.Text text) {
        out.println("<p>" + escape(text.text()) + "</p>");
      } else if (block instanceof Table table) {
        table(table);
      }
    }
    out.println("</section>");
  }

  /** A wide table scrolls by itself, also with the keyboard: the page never does sideways. */
  private void table(Table table) {
    out.println("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"table\">");
    out.println("<table>");
    out.print("<thead><tr>");
    for (Table.Column column : table.columns()) {
      out.printf("<th scope=\"col\" class=\"%s\">%s</th>", style(column), escape(column.head()));
    }
    out.println("</tr></thead>");
    out.println("<tbody>");
    table.rows().forEach(row -> row(table, row));
    out.println("</tbody>");
    out.println("</table>");
    out.println("</div>");
  }

  private void row(Table table, Table.Row row) {
    out.print("<tr>");
    for (int i = 0; i < row.cells().size(); i++) {
      Table.Column column = table.columns().get(i);
      String cell = row.cells().get(i);
      String content = column.kind() == Table.Kind.STRIP ? strip(cell) : escape(cell);
      out.printf("<td class=\"%s\">%s</td>", style(column), content);
    }
    out.println("</tr>");
    if (row.note() != null) {
      out.printf(
          "<tr class=\"note\"><td colspan=\"%d\">%s</td></tr>%n",
          table.columns().size(), escape(row.note()));
    }
  }

  private static String style(Table.Column column) {
    return column.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String strip(String cell) {
    double[] shades = Strip.shades(cell);
    if (shades.length == 0) {
      return escape(cell);
    }
    StringBuilder html = new StringBuilder("<span class=\"shades\" role=\"img\" aria-label=\"");
    html.append(escape(cell)).append("\">");
    for (double shade : shades) {
      html.append("<i style=\"opacity:%.2f\"></i>".formatted(shade));
    }
    return html.append("</span>").toString();
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
