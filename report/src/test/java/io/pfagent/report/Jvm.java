package io.pfagent.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts JVMs with the classes of this module. */
final class Jvm {

  private static final long PATIENCE_SECONDS = 120;

  private Jvm() {}

  /** The JDK that runs the tests, and those of JDK 25 or later that are installed beside it. */
  static List<Path> homes() throws IOException {
    Path own = Path.of(System.getProperty("java.home"));
    Set<Path> homes = new TreeSet<>();
    try (Stream<Path> siblings = Files.list(own.getParent())) {
      for (Path home : siblings.toList()) {
        if (Files.isExecutable(home.resolve("bin/java")) && feature(home) >= 25) {
          homes.add(home.toRealPath());
        }
      }
    }
    homes.remove(own.toRealPath());
    if (homes.isEmpty() && Runtime.version().feature() < 25) {
      System.out.println("no JDK 25 or later beside " + own + ": not tested with one");
    }
    List<Path> all = new ArrayList<>();
    all.add(own);
    all.addAll(homes);
    return all;
  }

  private static int feature(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isReadable(release)) {
      return 0;
    }
    return Files.readAllLines(release).stream()
        .filter(line -> line.startsWith("JAVA_VERSION=\""))
        .map(line -> line.replaceAll("[^0-9.]", "").split("\\.")[0])
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  /** Starts {@code main}; its standard input stays open until {@link Process#destroy()}. */
  static Process start(Path home, List<String> vmOptions, Class<?> main, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(vmOptions);
    command.add("-cp");
    command.add(classPath());
    command.add(main.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command).start();
  }

  /** Runs {@code main} to its end. */
  static Cli run(Path home, List<String> vmOptions, Class<?> main, String... args)
      throws IOException, InterruptedException {
    Process process = start(home, vmOptions, main, args);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(main + " did not end");
    }
    return new Cli(process.exitValue(), out, err);
  }

  /** Where this module's classes and the libraries that it uses are. */
  static String classPath() {
    return Stream.of(
            Main.class,
            Jvm.class,
            io.pfagent.chunk.SampleFile.class,
            io.pfagent.kernel.KernelSettings.class,
            picocli.CommandLine.class,
            com.fasterxml.jackson.core.JsonFactory.class,
            com.sun.jna.Native.class)
        .map(Jvm::origin)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String origin(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
