package io.pfagent.kernel;

/**
 * Uses every entry point once and prints what is available: nothing may throw, whatever is denied.
 */
final class EverythingProcess {

  private EverythingProcess() {}

  public static void main(String[] args) {
    Rusage rusage = new Rusage();
    print("rusage", rusage.readThread() && rusage.readProcess());
    print("rusage address", Rusage.address(Rusage.newBuffer()) != 0);
    print("rusage static", Rusage.getrusageThread(0) == 0);
    print(Rusage.capability());
    try (Tasks tasks = Tasks.open()) {
      print(tasks.capability());
      print("tasks listed", tasks.forEach(stat -> {}) >= 0);
      print("stat", tasks.stat(Tasks.currentThreadId()).isPresent());
      print("io", tasks.io(1).isPresent());
      print("status", tasks.status(1).isPresent());
    }
    HotSpotThreads threads = HotSpotThreads.open();
    print(threads.capability());
    print("thread id", threads.osThreadId(4096) != 0);
    try (PageMap pageMap = PageMap.open()) {
      print(pageMap.capability());
      print("residency", !pageMap.residency(4096, 4096).equals(Residency.UNKNOWN));
    }
    print("settings", KernelSettings.read().pageSize() > 0);
    print("cost", FaultCost.anonymousMinorFault().isPresent());
    FaultSampling.Opened opened =
        FaultSampling.open(new SampleSetUp(SampleLayout.leaf(), 512 << 10), 1);
    print(opened.capability());
    opened.sampling().ifPresent(EverythingProcess::sample);
    System.out.println("done");
  }

  private static void sample(FaultSampling sampling) {
    print("user faults", sampling.userFaults().all() >= 0);
    print("samples", sampling.drain(fault -> {}) > 0);
    sampling.close();
  }

  private static void print(Capability capability) {
    print(capability.name() + " [" + capability.reason() + "]", capability.available());
  }

  private static void print(String what, boolean available) {
    System.out.println((available ? "yes " : "no ") + what);
  }
}
