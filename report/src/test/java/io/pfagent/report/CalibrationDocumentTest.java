package io.pfagent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pfagent.kernel.CallCost;
import io.pfagent.kernel.CallCosts;
import io.pfagent.kernel.FirstWriteCost;
import io.pfagent.kernel.FirstWriteCosts;
import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.NotMeasured;
import io.pfagent.kernel.PageOrder;
import io.pfagent.kernel.PageSupply;
import io.pfagent.kernel.RoundTimes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables, by figures that no machine has. */
final class CalibrationDocumentTest {

  private static final KernelSettings SETTINGS =
      new KernelSettings("6.18.0", 4096, 0, "madvise", "64kB=madvise", -1, 0, 2, -1);

  private static RoundTimes times(double median) {
    return new RoundTimes(median / 2, median - 1, median, median + 1, 5);
  }

  private static CallCost call(String name, CallCost.Kind kind, double nanos) {
    return new CallCost(name, name, kind, times(nanos));
  }

  private static FirstWriteCost write(int pages, PageSupply.Way way, double nanos, long faults) {
    return new FirstWriteCost(
        new PageSupply(pages, way), PageOrder.SEQUENTIAL, times(nanos), times(10), 4096, faults);
  }

  private static Calibration calibration(double systemCallNanos, List<NotMeasured> left) {
    return new Calibration(
        SETTINGS,
        "A processor",
        16 << 20,
        new CallCosts(
            List.of(
                call("Java method", CallCost.Kind.JAVA, 2),
                call("labs(n), JNA", CallCost.Kind.NATIVE, 60),
                call("getpid()", CallCost.Kind.SYSTEM, systemCallNanos)),
            left),
        new FirstWriteCosts(
            List.of(
                write(1, PageSupply.Way.BASE, 2000, 4096),
                write(16, PageSupply.Way.MTHP, 500, 257)),
            left));
  }

  private static String text(Calibration calibration) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    TextReport.print(CalibrationDocument.of(calibration), out);
    out.flush();
    return text.toString();
  }

  @Test
  void whatJnaTakesIsNotTheKernels() {
    assertThat(text(calibration(260, List.of())).lines())
        .contains(
            "  call             ns  lowest  half of rounds  without JNA  Java calls",
            "  Java method     2.0     1.0      1.0 to 3.0            -           1",
            "  labs(n), JNA   60.0    30.0    59.0 to 61.0            -          30  =====",
            "  getpid()      260.0   130.0  259.0 to 261.0        200.0         100"
                + "  ================");
  }

  @Test
  void noSystemCallTakesLessThanNothing() {
    assertThat(text(calibration(50, List.of())).lines())
        .anySatisfy(line -> assertThat(line).matches("  getpid\\(\\) .* 0\\.0 +0"));
  }

  @Test
  void pagesAreComparedWithThoseThatComeAlone() {
    assertThat(text(calibration(260, List.of())).lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            " sequential 1 base 2,000 1999 to 2001 100.0 % 10.0 4,096 1.000" + " ================",
            " sequential 16 mthp 500 499 to 501 25.0 % 10.0 257 15.938 ====");
  }

  @Test
  void allLinesFitAndWhatIsLeftIsNamedOnlyIfThereIsAny() {
    String all = text(calibration(260, List.of(new NotMeasured("4 pages", "none"))));

    assertThat(all.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    assertThat(all).contains("What this machine doesn't give", "  4 pages per fault: none");
    assertThat(text(calibration(260, List.of()))).doesNotContain("doesn't give");
  }
}
