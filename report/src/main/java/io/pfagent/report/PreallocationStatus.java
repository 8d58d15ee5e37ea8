package io.pfagent.report;

import java.io.PrintWriter;
import java.util.List;

/** Prints what a JVM's preallocation is set to. */
final class PreallocationStatus {

  private PreallocationStatus() {}

  static void print(PreallocationBean bean, PrintWriter out) {
    line(out, "pages per fault", pages(bean));
    line(out, "backend", bean.text("BackendInUse") + ", asked for: " + bean.text("Backend"));
    line(out, "reaches", bean.text("Scope"));
    line(out, "can be had", bean.text("SupportedPages"));
    line(out, "zeroing by", bean.text("Zeroing"));
    line(
        out,
        "system-wide",
        bean.isTrue("SystemWritesAllowed")
            ? "the agent may change settings of the kernel (system-writes=true)"
            : "no setting of the kernel is changed (system-writes=false)");
    line(out, "memory left", bytes(bean, "HeadroomBytes"));
    line(out, "unused", bytes(bean, "UnusedBytes") + " preallocated and never written, estimated");
    line(out, "last change", bean.text("LastChange"));
    List<String> backends = bean.texts("Backends");
    for (int i = 0; i < backends.size(); i++) {
      line(out, i == 0 ? "backends" : "", backends.get(i));
    }
  }

  private static String pages(PreallocationBean bean) {
    return bean.isTrue("Automatic")
        ? bean.text("PreallocPages") + ", chosen by the agent for each region"
        : bean.text("PreallocPages");
  }

  private static String bytes(PreallocationBean bean, String attribute) {
    return bean.attribute(attribute) instanceof Number bytes
        ? Units.bytes(bytes.longValue())
        : Units.UNKNOWN;
  }

  private static void line(PrintWriter out, String label, String text) {
    out.printf("  %-15s  %s%n", label, Units.clean(text));
  }
}
