package io.pfagent.report;

import static io.pfagent.report.Recordings.MB;
import static io.pfagent.report.Recordings.allocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.report.Events.RegionAllocation;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page says what the text says, and takes nothing of a recording for markup. */
final class HtmlReportTest {

  @TempDir private Path directory;

  @Test
  void pageHasWhatTheTextHas() throws Exception {
    Path recording =
        Recordings.record(
            directory.resolve("app.jfr"), () -> allocation(1, 64 * MB, 16_384, 500).commit());
    Path page = directory.resolve("app.html");
    Cli result = Cli.report(recording, "--html", page.toString());
    assertThat(result).returns("", Cli::err).returns(0, Cli::exitCode);
    String html = Files.readString(page);
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("<h2>Regions by allocation site", "64.0 MB", "16,384")
        .contains("width=device-width")
        .doesNotContain("<script", "http://", "https://");
    assertThat(result.out()).contains("Regions by allocation site", "64.0 MB", "16,384");
  }

  @Test
  void namesInARecordingAreNoMarkup() throws Exception {
    RegionAllocation mapped = allocation(1, MB, 256, 500);
    mapped.kind = "mapped-file";
    mapped.path = "/tmp/<img src=x onerror=alert('1')>&\"";
    Path recording = Recordings.record(directory.resolve("app.jfr"), mapped::commit);
    Path page = directory.resolve("app.html");
    assertThat(Cli.report(recording, "--html", page.toString())).returns(0, Cli::exitCode);
    assertThat(Files.readString(page))
        .contains("/tmp/&lt;img src=x onerror=alert(&#39;1&#39;)&gt;&amp;&quot;")
        .doesNotContain("<img");
  }

  @Test
  void everyElementIsClosed() throws Exception {
    Table table = new Table().place("site").number("faults").strip("where");
    table.rowWithNote("a note", "a < b", "1", Strip.of(List.of(0L, 5L, 10L)));
    Document document =
        new Document(
            "title",
            List.of(new Document.Fact("File", "x"), new Document.Fact("", "y")),
            List.of(new Section("s").line("l").text("t").table(table)));
    StringWriter out = new StringWriter();
    HtmlReport.write(document, out);
    String body = out.toString().replaceFirst("(?s).*<body>", "<body>").replace("</html>", "");
    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new org.xml.sax.InputSource(new java.io.StringReader(body)));
    assertThat(parsed.getElementsByTagName("td").getLength()).isEqualTo(4);
    assertThat(parsed.getElementsByTagName("i").getLength()).isEqualTo(3);
    assertThat(body).contains("opacity:0.00", "opacity:0.56", "opacity:1.00");
  }

  @Test
  void pageCannotOverwriteTheRecording() throws Exception {
    Path recording = Files.writeString(directory.resolve("app.jfr"), "precious");
    assertThat(Cli.report(recording, "--html", recording.toString()))
        .returns(2, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .contains("--html would overwrite the recording");
    assertThat(recording).hasContent("precious");
  }

  @Test
  void targetThatCannotBeWritten() throws Exception {
    Path recording =
        Recordings.record(directory.resolve("app.jfr"), () -> allocation(1, MB, 256, 500).commit());
    assertThat(Cli.report(recording, "--html", directory.resolve("no/app.html").toString()))
        .returns(1, Cli::exitCode)
        .extracting(Cli::err)
        .asString()
        .contains("its directory does not exist");
  }
}
