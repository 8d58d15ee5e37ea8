package io.pfagent.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Aligned columns that fit into {@value #MAX_WIDTH} characters: the longest texts give way. */
final class Table implements Section.Block {

  static final int MAX_WIDTH = 120;

  private static final String INDENT = "  ";
  private static final String NOTE_INDENT = "      ";
  private static final String GAP = "  ";
  private static final String CUT = "..";

  /** No text is cut shorter than this, so that a few words of it stay readable. */
  private static final int MIN_WIDTH = 12;

  enum Kind {
    NUMBER,
    /** The beginning says most. */
    NAME,
    /** The end says most: a file, or a method behind its packages. */
    PLACE,
    /** Never cut. */
    PHRASE,
    /** A {@link Strip}: how much of something is where. */
    STRIP
  }

  record Column(String head, Kind kind) {}

  /** A row; the note, if not null, is a line of its own below it. */
  record Row(List<String> cells, String note) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  Table number(String head) {
    return column(head, Kind.NUMBER);
  }

  Table name(String head) {
    return column(head, Kind.NAME);
  }

  Table place(String head) {
    return column(head, Kind.PLACE);
  }

  Table phrase(String head) {
    return column(head, Kind.PHRASE);
  }

  Table strip(String head) {
    return column(head, Kind.STRIP);
  }

  private Table column(String head, Kind kind) {
    columns.add(new Column(head, kind));
    return this;
  }

  /** Adds a row with one cell per column. */
  void row(String... cells) {
    rowWithNote(null, cells);
  }

  /** Adds a row, and below it a text that is too long or too rare for a column; null for none. */
  void rowWithNote(String note, String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    List<String> row = Stream.of(cells).map(Units::clean).toList();
    rows.add(new Row(row, note == null ? null : Units.clean(note)));
  }

  List<Column> columns() {
    return Collections.unmodifiableList(columns);
  }

  List<Row> rows() {
    return Collections.unmodifiableList(rows);
  }

  void print(PrintWriter out) {
    int[] widths = widths();
    out.println(line(columns.stream().map(Column::head).toList(), widths));
    for (Row row : rows) {
      out.println(line(row.cells(), widths));
      if (row.note() != null) {
        out.println(NOTE_INDENT + fit(row.note(), MAX_WIDTH - NOTE_INDENT.length(), Kind.PLACE));
      }
    }
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    int total = INDENT.length() + GAP.length() * (columns.size() - 1);
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).head().length();
      for (Row row : rows) {
        widths[i] = Math.max(widths[i], row.cells().get(i).length());
      }
      total += widths[i];
    }
    for (; total > MAX_WIDTH; total--) {
      int widest = widestText(widths);
      if (!canGiveWay(widest) || widths[widest] <= MIN_WIDTH) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private int widestText(int[] widths) {
    int widest = 0;
    for (int i = 0; i < widths.length; i++) {
      if (canGiveWay(i) && (!canGiveWay(widest) || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private boolean canGiveWay(int column) {
    Kind kind = columns.get(column).kind();
    return kind == Kind.NAME || kind == Kind.PLACE;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder(INDENT);
    for (int i = 0; i < cells.size(); i++) {
      Kind kind = columns.get(i).kind();
      String cell = fit(cells.get(i), widths[i], kind);
      String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(i == 0 ? "" : GAP).append(kind == Kind.NUMBER ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private static String fit(String cell, int width, Kind kind) {
    boolean whole = kind != Kind.NAME && kind != Kind.PLACE;
    if (whole || cell.length() <= width) {
      return cell;
    }
    int kept = width - CUT.length();
    return kind == Kind.PLACE ? CUT + end(cell, kept) : cell.substring(0, kept) + CUT;
  }

  /** The last {@code length} characters, without half a word at the front if that costs little. */
  private static String end(String cell, int length) {
    String end = cell.substring(cell.length() - length);
    for (int i = 0; i < length / 2; i++) {
      if (end.charAt(i) == '.' || end.charAt(i) == '/') {
        return end.substring(i + (end.charAt(i) == '.' ? 1 : 0));
      }
    }
    return end;
  }
}
