package io.pfagent.benchmarks;

import io.pfagent.account.Region;
import io.pfagent.account.RegionKind;
import io.pfagent.account.RegionTable;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Address to region among a million live ones, laid out as malloc(3) and mmap(2) do it: downwards
 * from the top of the address space, page after page, a block's header of 16 bytes before each, and
 * a hole here and there that nothing tracked is in.
 *
 * <p>The addresses are drawn evenly, the worst for the caches: hardly a region is looked up twice
 * before its cache lines are gone.
 */
@State(Scope.Benchmark)
public class RegionLookup {

  private static final int REGIONS = 1_000_000;
  private static final long MIN_BYTES = 64 << 10;
  private static final long MAX_BYTES = 1 << 20;
  private static final long PAGE = 4096;
  private static final long HEADER_BYTES = 16;
  private static final int REGIONS_PER_HOLE = 16;

  /** Where mappings start on x86-64, the randomised part left out. */
  private static final long TOP = 0x7fff_f000_0000L;

  /** Where brk(2) memory of a position-independent program may lie on x86-64. */
  private static final long MALLOC_HEAP = 0x5555_5575_8000L;

  private static final long MALLOC_HEAP_MASK = (64 << 20) - 1;

  private static final int PROBES = 1 << 20;

  private final RegionTable table = new RegionTable();
  private final long[] inside = new long[PROBES];
  private final long[] bases = new long[PROBES];
  private final long[] untracked = new long[PROBES];
  private int next;

  /** Fills the table and draws the addresses. */
  @Setup(Level.Trial)
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    Region[] regions = new Region[REGIONS];
    long[] holes = new long[REGIONS / REGIONS_PER_HOLE];
    long top = TOP;
    for (int i = 0; i < REGIONS; i++) {
      if (i % REGIONS_PER_HOLE == 0) {
        top -= MIN_BYTES;
        holes[i / REGIONS_PER_HOLE] = top;
      }
      long bytes = random.nextLong(MIN_BYTES, MAX_BYTES + 1);
      top -= (bytes + HEADER_BYTES + PAGE - 1) & -PAGE;
      long address = top + HEADER_BYTES;
      regions[i] = new Region(i + 1, RegionKind.UNSAFE, address, address, bytes, null, 0);
      table.add(regions[i]);
    }
    for (int i = 0; i < PROBES; i++) {
      Region region = regions[random.nextInt(REGIONS)];
      inside[i] = region.address() + random.nextLong(region.size());
      bases[i] = regions[random.nextInt(REGIONS)].base();
      untracked[i] = holes[random.nextInt(holes.length)] + random.nextLong(MIN_BYTES);
    }
  }

  /** The region of a sample: any address inside it. */
  @Benchmark
  public Region find() {
    Region region = table.find(inside[next]);
    advance(1);
    return region;
  }

  /**
   * The same, with each address hanging on the answer before: the time until an answer is there,
   * which the processor otherwise spends on the look-ups that follow.
   */
  @Benchmark
  public Region findLatency() {
    Region region = table.find(inside[next]);
    // The upper half of the id is 0, but the processor has to load the region to know.
    advance(1 + (int) (region.id() >>> Integer.SIZE));
    return region;
  }

  /** What {@code freeMemory} asks about a tracked region; most share a slot with a neighbour. */
  @Benchmark
  public boolean tracksHit() {
    boolean tracks = table.tracks(bases[next]);
    advance(1);
    return tracks;
  }

  /** What it asks about a small block that lies between tracked regions. */
  @Benchmark
  public boolean tracksMiss() {
    boolean tracks = table.tracks(untracked[next]);
    advance(1);
    return tracks;
  }

  /** What it asks about a block in the heap of malloc, far from all tracked regions. */
  @Benchmark
  public boolean tracksFarMiss() {
    boolean tracks = table.tracks(MALLOC_HEAP + (untracked[next] & MALLOC_HEAP_MASK));
    advance(1);
    return tracks;
  }

  private void advance(int step) {
    next = (next + step) & (PROBES - 1);
  }
}
