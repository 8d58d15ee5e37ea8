package io.pfagent.app;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/**
 * Reads files that no page cache holds, page by page and without read-ahead: each page is a major
 * fault. The files have holes instead of data, so no device is slow.
 */
public final class ReadColdFiles {

  private static final int PAGE = 4096;

  private ReadColdFiles() {}

  /** Takes the number of files, and the bytes of each. */
  public static void main(String[] args) throws IOException, JMException {
    int bytes = Integer.parseInt(args[1]);
    int sum = 0;
    for (int left = Integer.parseInt(args[0]); left > 0; left--) {
      sum += read(bytes);
    }
    System.out.println(sum);
  }

  private static int read(int bytes) throws IOException, JMException {
    Path file = Files.createTempFile("pfagent-cold", null);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), bytes - 1L);
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
      adviseRandom();
      int sum = 0;
      for (int page = 0; page < bytes; page += PAGE) {
        sum += mapped.get(page);
      }
      return sum;
    } finally {
      Files.delete(file);
    }
  }

  /** By the agent's own means. */
  private static void adviseRandom() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName tracked = new ObjectName("io.pfagent:type=Regions");
    ObjectName advisor = new ObjectName("io.pfagent:type=Preallocation");
    while (!server.isRegistered(tracked) || !server.isRegistered(advisor)) {
      // The agent registers its beans in the background.
      LockSupport.parkNanos(1_000_000);
    }
    CompositeData[] regions =
        (CompositeData[])
            server.invoke(tracked, "topRegions", new Object[] {1000}, new String[] {"int"});
    // Those before it may be unmapped at any moment.
    Long latest =
        Arrays.stream(regions)
            .filter(region -> region.get("kind").equals("mapped-file"))
            .map(region -> (Long) region.get("regionId"))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    server.invoke(
        advisor,
        "adviseRegion",
        new Object[] {latest, "random"},
        new String[] {"long", "java.lang.String"});
  }
}
