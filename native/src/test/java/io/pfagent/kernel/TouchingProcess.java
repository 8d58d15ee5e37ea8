package io.pfagent.kernel;

/** Touches as many fresh pages as its argument says, and prints its own minor faults. */
final class TouchingProcess {

  private TouchingProcess() {}

  public static void main(String[] args) {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(Long.parseLong(args[0]))) {
      memory.touch(0, memory.size);
    }
    Rusage rusage = new Rusage();
    System.out.println(rusage.readProcess() ? rusage.minorFaults() : -1);
  }
}
