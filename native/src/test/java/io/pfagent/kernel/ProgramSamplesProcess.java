package io.pfagent.kernel;

/**
 * Has a BPF program sample its touching of as many pages as its argument says, and prints which of
 * the samples name its thread.
 */
final class ProgramSamplesProcess {

  private ProgramSamplesProcess() {}

  public static void main(String[] args) {
    SampleSetUp setUp = new SampleSetUp(SampleLayout.leaf(), 8 << 20, true);
    FaultSampling.Opened opened = FaultSampling.open(setUp, 1);
    int tid = Tasks.currentThreadId();
    int[] own = new int[1];
    try (FaultSampling sampling = opened.sampling().orElseThrow();
        AnonymousMemory memory = AnonymousMemory.ofPages(Long.parseLong(args[0]))) {
      System.out.println(sampling.byProgram().orElseThrow());
      memory.touch(0, memory.size);
      sampling.drain(
          fault -> {
            if (TakenSample.of(fault).isIn(memory) && fault.tid() == tid) {
              own[0]++;
            }
          });
    }
    System.out.println("thread " + tid + ": " + own[0]);
  }
}
