package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableTest {

  @Test
  void columnsAreAligned() {
    Table table = new Table().name("name").number("count");
    table.row("one", "1");
    table.row("thousand", "1,000");
    assertThat(print(table))
        .containsExactly(
            "  name      count", //
            "  one           1",
            "  thousand  1,000");
  }

  @Test
  void longestTextGivesWay() {
    Table table = new Table().name("first").place("second").number("number");
    table.row("n".repeat(70), "org.example." + "p".repeat(40) + ".Type.method:1", "1,234,567");
    assertThat(print(table))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Table.MAX_WIDTH))
        .last()
        .asString()
        .contains("nnn..")
        .endsWith(".Type.method:1  1,234,567");
  }

  @Test
  void placesAreCutBetweenWords() {
    Table table = new Table().place("site").number("filler");
    table.row("org.example.storage.engine.Type.method:1", "9".repeat(82));
    assertThat(print(table).get(1)).contains("..storage.engine.Type.method:1 ");
  }

  @Test
  void noteIsALineOfItsOwn() {
    Table table = new Table().number("id");
    table.rowWithNote("/data/" + "d".repeat(200) + "/segment", "7");
    assertThat(print(table).get(2))
        .startsWith("      ..")
        .endsWith("/segment")
        .hasSize(Table.MAX_WIDTH);
  }

  @Test
  void rowsMustFitTheColumns() {
    Table table = new Table().number("id");
    assertThatIllegalArgumentException().isThrownBy(() -> table.row("1", "2"));
  }

  private static List<String> print(Table table) {
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text));
    return text.toString().lines().toList();
  }
}
