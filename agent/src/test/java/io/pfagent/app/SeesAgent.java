package io.pfagent.app;

import java.util.List;

/** Says which of some classes the application's class path sees. */
public final class SeesAgent {

  private SeesAgent() {}

  public static void main(String[] arguments) {
    for (String name :
        List.of(
            "io.pfagent.agent.Launcher",
            "io.pfagent.agent.Agent",
            "com.sun.jna.Native",
            "net.bytebuddy.ByteBuddy",
            "picocli.CommandLine")) {
      System.out.println(name + ": " + (isSeen(name) ? "yes" : "no"));
    }
  }

  private static boolean isSeen(String name) {
    try {
      Class.forName(name, false, ClassLoader.getSystemClassLoader());
      return true;
    } catch (ClassNotFoundException unseen) {
      return false;
    }
  }
}
