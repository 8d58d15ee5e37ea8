package io.pfagent.jvm;

import io.pfagent.kernel.Capability;
import java.util.List;

/** Opens what can be had here and prints its capabilities; finds a method if it can. */
final class UnavailableProcess {

  private UnavailableProcess() {}

  public static void main(String[] args) throws Exception {
    try (JavaCode code = JavaCode.open()) {
      System.out.println(code.getClass().getSimpleName());
      JavaFrames frames = new JavaFrames(4);
      code.frames(4096, PcKind.CURRENT, System.nanoTime(), frames);
      InlinedProcess.check(frames.size() == 0, "found something at address 4096");
      for (Capability capability : code.capabilities()) {
        System.out.println(capability);
      }
      if (code instanceof CompilerPerfmap && code.capabilities().get(1).available()) {
        findByPerfmap(code, frames);
      }
    }
  }

  private static void findByPerfmap(JavaCode code, JavaFrames frames) throws Exception {
    List<String> lines = PerfmapCommand.lines();
    for (String line : lines) {
      if (line.endsWith(" int java.lang.String.hashCode()")) {
        long start = Long.decode(line.split(" ", 2)[0]);
        frames.clear();
        if (code.frames(start + 1, PcKind.CURRENT, System.nanoTime(), frames) == 1) {
          System.out.println(code.method(frames.method(0)) + " " + frames.type(0));
          System.out.println(code.counts().methods() > 0 ? "counted" : "not counted");
        }
      }
    }
  }
}
