package io.pfagent.report;

import io.pfagent.kernel.KernelSettings;
import io.pfagent.kernel.SystemSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges what a machine allows the agent. */
final class MachineChecks {

  private static final Pattern LOCKED_MEMORY =
      Pattern.compile("(?m)^Max locked memory\\s+(unlimited|\\d+)");

  private final MachineFacts facts;
  private final KernelSettings settings;
  private final ProcessRights rights;
  private final List<Check> checks = new ArrayList<>();

  private MachineChecks(MachineFacts facts) {
    this.facts = facts;
    this.settings = facts.settings();
    this.rights = ProcessRights.parse(facts.status());
  }

  static List<Check> of(MachineFacts facts) {
    MachineChecks all = new MachineChecks(facts);
    all.java();
    all.kernel();
    all.counting();
    all.sampling();
    all.writer();
    all.ring();
    all.rights();
    all.hugePages();
    all.sizes();
    all.multiPageAlloc();
    all.memory();
    all.leftovers();
    return all.checks;
  }

  private void java() {
    String java = System.getProperty("java.version") + " in " + System.getProperty("java.home");
    List<String> missing =
        List.of("jdk.jfr", "jdk.attach", "java.management.rmi").stream()
            .filter(module -> ModuleLayer.boot().findModule(module).isEmpty())
            .toList();
    checks.add(
        missing.isEmpty()
            ? Check.ok("java", java)
            : Check.limited(
                "java",
                java + " lacks " + String.join(", ", missing),
                "use a whole JDK for the commands attach, prealloc and report"));
  }

  private void kernel() {
    checks.add(
        Check.ok(
            "kernel",
            "%s, pages of %s, overcommit_memory %s"
                .formatted(
                    settings.kernel(),
                    Units.bytes(settings.pageSize()),
                    settings.overcommit() < 0 ? "unknown" : settings.overcommit())));
  }

  private void counting() {
    checks.add(
        facts.rusage().available()
            ? Check.ok("counting", "faults of every hooked operation (getrusage)")
            : Check.denied("counting", facts.rusage().reason(), facts.rusage().fallback()));
  }

  private void sampling() {
    String level =
        settings.perfParanoid() == KernelSettings.NO_LEVEL
            ? "perf_event_paranoid unknown"
            : "perf_event_paranoid " + settings.perfParanoid();
    checks.add(
        facts.sampling().available()
            ? Check.ok("sampling", level + ": addresses of " + sampledSides())
            : Check.denied("sampling", level, facts.sampling().reason()));
  }

  private String sampledSides() {
    return facts.samplesInKernel()
        ? "user-side and kernel-side faults"
        : "user-side faults; of kernel-side ones with 1, or CAP_PERFMON";
  }

  /** No limit: the kernel does it everywhere. */
  private void writer() {
    facts
        .byProgram()
        .ifPresent(
            program ->
                checks.add(
                    Check.ok(
                        "sample writer",
                        program.available()
                            ? "a BPF program with stacks=leaf, else the kernel"
                            : "the kernel; with stacks=leaf a BPF program could, at half the price: "
                                + program.reason())));
  }

  /** Rings live in locked memory: perf's own allowance for the user, then that of the process. */
  private void ring() {
    if (facts.ringBytes() < 0) {
      checks.add(Check.denied("ring memory", "not needed without sampling", null));
      return;
    }
    Matcher locked = LOCKED_MEMORY.matcher(facts.limits());
    String finding =
        "%s for each of %d processors, of %s asked for (perf_event_mlock_kb %s, ulimit -l %s)"
            .formatted(
                Units.bytes(facts.ringBytes()),
                facts.processors(),
                Units.bytes(MachineFacts.GOOD_RING_BYTES),
                facts.perfRingKilobytes() < 0 ? "unknown" : facts.perfRingKilobytes(),
                locked.find() ? locked.group(1) : "unknown");
    checks.add(
        facts.ringBytes() >= MachineFacts.GOOD_RING_BYTES
            ? Check.ok("ring memory", finding)
            : Check.limited(
                "ring memory",
                finding,
                "bursts lose samples, which are counted; sysctl kernel.perf_event_mlock_kb=4096 or"
                    + " a larger ulimit -l allows more"));
  }

  private void rights() {
    List<String> held = new ArrayList<>();
    if (rights.has(ProcessRights.CAP_SYS_ADMIN)) {
      held.add("CAP_SYS_ADMIN");
    }
    if (rights.has(ProcessRights.CAP_PERFMON)) {
      held.add("CAP_PERFMON");
    }
    if (rights.has(ProcessRights.CAP_BPF)) {
      held.add("CAP_BPF");
    }
    checks.add(
        Check.ok(
            "capabilities",
            held.isEmpty()
                ? "none of CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF; none is needed at"
                    + " perf_event_paranoid 2"
                : String.join(", ", held)));
    checks.add(
        rights.hasFilter()
            ? Check.limited(
                "seccomp",
                "a filter is on this process",
                "where sampling is denied, allow perf_event_open in the container's profile")
            : Check.ok("seccomp", rights.seccompMode() < 0 ? "unknown" : "no filter"));
  }

  private void hugePages() {
    String word = settings.thp();
    if (!rights.hugePages()) {
      checks.add(
          Check.denied(
              "huge pages",
              "switched off for this process (PR_SET_THP_DISABLE)",
              "start it from a service or container runtime that does not do that"));
    } else if (word.isEmpty()) {
      checks.add(
          Check.denied(
              "huge pages",
              "this kernel has none",
              "one with CONFIG_TRANSPARENT_HUGEPAGE gives prealloc its 512 pages per fault"));
    } else if (word.equals("never")) {
      checks.add(
          Check.denied(
              "huge pages",
              "transparent_hugepage/enabled is never",
              "as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"));
    } else {
      checks.add(Check.ok("huge pages", "transparent_hugepage/enabled is " + word));
    }
  }

  private void sizes() {
    String sizes = settings.mthp();
    if (sizes == null || sizes.isEmpty()) {
      checks.add(
          Check.limited("page sizes", "none between the two", "Linux 6.8 and later have more"));
      return;
    }
    boolean someInUse = Arrays.stream(sizes.split(" ")).anyMatch(MachineChecks::isForAdvised);
    String advice =
        facts.thpIsWritable()
            ? "the agent's option system-writes=true may set one to madvise while it is needed"
            : "as root: echo madvise > /sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled";
    checks.add(
        someInUse ? Check.ok("page sizes", sizes) : Check.limited("page sizes", sizes, advice));
  }

  private static boolean isForAdvised(String size) {
    return size.endsWith("=madvise") || size.endsWith("=always");
  }

  private void multiPageAlloc() {
    checks.add(
        settings.multiPageAlloc() > 0
            ? Check.ok("multi_page_alloc", settings.multiPageAlloc() + " pages per fault now")
            : Check.limited(
                "multi_page_alloc",
                "not in this kernel",
                "it takes the patch in native/kernel; the other backends do without"));
  }

  private void memory() {
    checks.add(
        Check.ok(
            "memory limit",
            settings.memoryLimit() < 0
                ? "none of a control group"
                : Units.bytes(settings.memoryLimit()) + " by a control group"));
  }

  private void leftovers() {
    if (facts.leftoversProblem() != null) {
      checks.add(
          Check.limited("left changed", "unknown: " + facts.leftoversProblem(), "run it as root"));
    } else if (facts.leftovers().isEmpty()) {
      checks.add(Check.ok("left changed", "no setting (" + SystemSettings.STATE_FILE + ")"));
    } else {
      checks.add(
          Check.limited(
              "left changed",
              String.join(", ", facts.leftovers()),
              "a JVM was killed; as root: java -jar pfagent.jar doctor --restore"));
    }
  }
}
