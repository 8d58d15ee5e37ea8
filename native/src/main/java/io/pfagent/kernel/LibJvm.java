package io.pfagent.kernel;

import java.nio.file.Path;
import java.util.Optional;

/** The JVM's own library, for its exported variables. */
final class LibJvm {

  private static final String LIBRARY = "/libjvm.so";

  private final long handle;

  private LibJvm(long handle) {
    this.handle = handle;
  }

  /**
   * The java launcher loads libjvm for the whole process to see; a program that embeds a JVM may
   * not have, then the mapped file tells the path. Its handle is kept: a JVM never unloads.
   */
  static LibJvm find() {
    LibJvm global = new LibJvm(LibC.RTLD_DEFAULT);
    if (global.symbol("gHotSpotVMStructs") != 0) {
      return global;
    }
    long handle =
        SmallFile.read(Path.of("/proc/self/maps"))
            .flatMap(LibJvm::pathIn)
            .map(path -> LibC.dlopen(path, LibC.RTLD_LAZY_NOLOAD))
            .orElse(0L);
    return handle == 0 ? global : new LibJvm(handle);
  }

  /** The address of an exported variable, or 0. */
  long symbol(String name) {
    return LibC.dlsym(handle, name);
  }

  /** The path of libjvm.so in the text of {@code /proc/self/maps}, see proc_pid_maps(5). */
  static Optional<String> pathIn(String maps) {
    return maps.lines()
        .filter(line -> line.endsWith(LIBRARY))
        .map(line -> line.substring(line.indexOf('/')))
        .findFirst();
  }
}
