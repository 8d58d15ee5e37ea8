package io.pfagent.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * For each processor a {@link FaultProgram} and the ring that it writes. The perf events hold the
 * programs, so those must be closed first. For one thread.
 */
final class ProgramRings implements AutoCloseable {

  private static final String PROGRAM_NAME = "pfagent_fault";
  private static final String ARRAY_NAME = "pfagent_samples";

  private final EventTable events;
  private final List<Loaded> rings = new ArrayList<>();

  private ProgramRings(EventTable events) {
    this.events = events;
  }

  /**
   * Loads the programs.
   *
   * @param bytes of each ring, at the most
   * @param events what the samples say they are of
   * @throws DeniedException if the kernel refuses
   */
  static ProgramRings open(BitSet cpus, int bytes, EventTable events) throws DeniedException {
    ProgramRings opened = new ProgramRings(events);
    try {
      PidNamespace threads = PidNamespace.ofThisProcess();
      int entries = Integer.highestOneBit(bytes / FaultProgram.SAMPLE_BYTES);
      for (int cpu = cpus.nextSetBit(0); cpu >= 0; cpu = cpus.nextSetBit(cpu + 1)) {
        opened.load(cpu, entries, threads);
      }
      return opened;
    } catch (IOException e) {
      throw new DeniedException("/proc/self/ns/pid can't be read: " + e);
    } catch (DeniedException denied) {
      opened.close();
      throw denied;
    }
  }

  /** The same outputs, with the program of each processor. */
  List<FaultEvents.Output> withPrograms(List<FaultEvents.Output> outputs) {
    return outputs.stream()
        .map(output -> new FaultEvents.Output(output.cpu(), output.fd(), program(output.cpu())))
        .toList();
  }

  /**
   * Visits what the rings hold.
   *
   * @return how many samples there were
   */
  int drain(Consumer<FaultRecord> visitor) {
    int samples = 0;
    for (Loaded loaded : rings) {
      samples += loaded.ring.drain(visitor);
    }
    return samples;
  }

  /** Samples that found no room, since the last call. */
  long takeLost() {
    return rings.stream().mapToLong(loaded -> loaded.ring.takeLost()).sum();
  }

  /** Gives all back; what the rings still hold is lost. */
  @Override
  public void close() {
    for (Loaded loaded : rings) {
      LibC.close(loaded.programFd);
      LibC.munmap(loaded.address, loaded.bytes);
      LibC.close(loaded.arrayFd);
    }
    rings.clear();
  }

  private int program(int cpu) {
    return rings.stream()
        .filter(loaded -> loaded.cpu == cpu)
        .mapToInt(Loaded::programFd)
        .findFirst()
        .orElse(FaultEvents.NO_PROGRAM);
  }

  private void load(int cpu, int entries, PidNamespace threads) throws DeniedException {
    int bytes = FaultProgram.DATA + entries * FaultProgram.SAMPLE_BYTES;
    int arrayFd = Bpf.createArray(ARRAY_NAME, bytes);
    long address = LibC.mmap(0, bytes, LibC.PROT_READ_WRITE, LibC.MAP_SHARED, arrayFd, 0);
    if (address == LibC.MAP_FAILED) {
      String reason = "mmap of a BPF array: " + Errno.name(LibC.errno());
      LibC.close(arrayFd);
      throw new DeniedException(reason);
    }
    try {
      FaultProgram.Context context = FaultProgram.Context.ofThisMachine();
      int programFd =
          Bpf.loadProgram(PROGRAM_NAME, FaultProgram.code(arrayFd, entries, threads, context));
      ProgramRing ring = new ProgramRing(LibC.buffer(address, bytes), entries, events);
      rings.add(new Loaded(cpu, arrayFd, programFd, address, bytes, ring));
    } catch (DeniedException denied) {
      LibC.munmap(address, bytes);
      LibC.close(arrayFd);
      throw denied;
    }
  }

  private record Loaded(
      int cpu, int arrayFd, int programFd, long address, int bytes, ProgramRing ring) {}
}
