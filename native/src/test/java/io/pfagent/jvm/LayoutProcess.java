package io.pfagent.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Prints what {@link JvmLayout} tells, and checks it against the JVM's flags, beans and maps. */
final class LayoutProcess {

  private LayoutProcess() {}

  public static void main(String[] args) throws Exception {
    JvmLayout layout = JvmLayout.read();
    print("code-cache", layout.codeCache());
    print("java-heap", layout.javaHeap());
    print("cds-archive", layout.cdsArchive());
    for (NativeMemoryTracking.Reserved reserved : NativeMemoryTracking.read()) {
      System.out.println("tracked " + reserved.category() + " " + reserved.range().size());
    }
    AddressRange code = layout.codeCache().orElseThrow();
    try (CodeMap map = CodeMap.load()) {
      for (AddressRange interpreter : InlinedProcess.compiled(map, "Interpreter"::equals)) {
        InlinedProcess.check(code.contains(interpreter.start()), "the interpreter lies outside");
        System.out.println("interpreter inside");
      }
    }
    long committed = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().toLowerCase(Locale.ROOT).startsWith("code")) {
        committed += pool.getUsage().getCommitted();
      }
    }
    InlinedProcess.check(code.size() >= committed, "smaller than what is committed");
    layout.cdsArchive().ifPresent(LayoutProcess::checkArchive);
  }

  private static void print(String name, Optional<AddressRange> range) {
    System.out.println(name + " " + range.map(AddressRange::size).orElse(0L));
  }

  /** Where the archive is a mapped file, its mapping lies inside. */
  private static void checkArchive(AddressRange archive) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
        long start = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
        if (line.endsWith("classes.jsa") && archive.contains(start)) {
          System.out.println("archive mapped");
        }
      }
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
