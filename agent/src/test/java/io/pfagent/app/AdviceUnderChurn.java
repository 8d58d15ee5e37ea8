package io.pfagent.app;

import com.sun.jna.Function;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;

/**
 * Frees regions while they are advised, and takes the same addresses for memory of its own, which
 * nobody told the agent of: it must never carry an advice. Fails if it does; else says how often it
 * got the address of a region, how many settings were made meanwhile, and how many refused because
 * the region was gone.
 *
 * <p>Argument: rounds.
 */
public final class AdviceUnderChurn {

  /** Above what malloc ever serves from its heap. */
  private static final int SIZE = 40 << 20;

  private static final int PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS_FIXED_NOREPLACE = 0x2 | 0x20 | 0x100000;

  private static final Function MMAP = Function.getFunction("c", "mmap");
  private static final Function MUNMAP = Function.getFunction("c", "munmap");

  private static final AtomicInteger SETTINGS = new AtomicInteger();
  private static final AtomicInteger REFUSED = new AtomicInteger();
  private static volatile boolean ended;

  private AdviceUnderChurn() {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[0]);
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean = new ObjectName("io.pfagent:type=Preallocation");
    ObjectName regions = new ObjectName("io.pfagent:type=Regions");
    while (!server.isRegistered(bean)) {
      Thread.onSpinWait();
    }
    List<Thread> advisers =
        List.of(
            new Thread(() -> setAll(server, bean)),
            new Thread(() -> setEach(server, bean, regions)));
    advisers.forEach(Thread::start);
    int taken = 0;
    try {
      for (int round = 0; round < rounds; round++) {
        taken += round();
      }
    } finally {
      ended = true;
    }
    for (Thread adviser : advisers) {
      adviser.join();
    }
    System.out.println("taken " + taken + " settings " + SETTINGS + " refused " + REFUSED);
  }

  /** Gives 1 if the region's address could be taken. */
  private static int round() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    long start = DirectMemory.address(buffer) & -PAGE;
    DirectMemory.free(buffer);
    long taken =
        MMAP.invokeLong(
            new Object[] {
              start, (long) SIZE, READ_WRITE, PRIVATE_ANONYMOUS_FIXED_NOREPLACE, -1, 0L
            });
    if (taken != start) {
      return 0;
    }
    try {
      for (int look = 0; look < 3; look++) {
        if (isAdvised(start)) {
          throw new IllegalStateException("memory of somebody else was advised");
        }
      }
      return 1;
    } finally {
      MUNMAP.invokeInt(new Object[] {start, (long) SIZE});
    }
  }

  /** The flags hg and nh of proc_pid_smaps(5) in the mapping at an address. */
  private static boolean isAdvised(long address) throws Exception {
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] bounds = line.substring(0, line.indexOf(' ')).split("-");
        inside =
            Long.parseUnsignedLong(bounds[0], 16) <= address
                && address < Long.parseUnsignedLong(bounds[1], 16);
      } else if (inside && line.startsWith("VmFlags:")) {
        return line.contains(" hg") || line.contains(" nh");
      }
    }
    throw new IllegalStateException("no mapping at " + Long.toHexString(address));
  }

  /** Advises all live regions, and takes that back. */
  private static void setAll(MBeanServer server, ObjectName bean) {
    for (int i = 0; !ended; i++) {
      try {
        server.setAttribute(bean, new Attribute("PreallocPages", i % 2 == 0 ? 512 : 1));
        SETTINGS.incrementAndGet();
      } catch (JMException refused) {
        throw new IllegalStateException(refused);
      }
    }
  }

  /** Advises single regions; by then many are freed already. */
  private static void setEach(MBeanServer server, ObjectName bean, ObjectName regions) {
    while (!ended) {
      try {
        CompositeData[] live =
            (CompositeData[])
                server.invoke(
                    regions, "topRegions", new Object[] {1}, new String[] {int.class.getName()});
        if (live.length > 0) {
          server.invoke(
              bean,
              "setRegionPages",
              new Object[] {live[0].get("regionId"), 512},
              new String[] {"long", "int"});
          SETTINGS.incrementAndGet();
        }
      } catch (RuntimeMBeanException freedMeanwhile) {
        REFUSED.incrementAndGet();
      } catch (JMException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
