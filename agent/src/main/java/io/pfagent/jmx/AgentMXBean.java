package io.pfagent.jmx;

import java.util.List;

/** The agent itself: what it runs with, what this machine denies it, its recording, its end. */
@Description("The page-fault agent: version, options, capabilities, its recording, its removal")
public interface AgentMXBean {

  /** Name of the bean. */
  String NAME = "io.pfagent:type=Agent";

  @Description("Version of pfagent")
  String getVersion();

  @Description("Options in force, defaults included")
  String getOptions();

  @Description("What this machine and JDK allow: name, yes or no, reason, what is done instead")
  List<String> getCapabilities();

  /**
   * Starts a recording with the pfagent template over JFR's default.
   *
   * @throws IllegalArgumentException if the file can't be written
   * @throws IllegalStateException if the agent records already, or the beans are read-only
   */
  @Description("Starts a recording with the pfagent template over JFR's default")
  void startRecording(
      @Description(name = "path", value = "File of the JVM's machine to write at stop or exit")
          String path);

  /**
   * Stops the agent's recording and writes it.
   *
   * @return the file
   * @throws IllegalStateException if there is none, or the beans are read-only
   */
  @Description("Stops the agent's recording and writes its file, whose path is given back")
  String stopRecording();

  /**
   * Takes the agent out of the JVM: every woven class has its own code again, no hook, thread,
   * event or bean is left. The agent may be attached again.
   *
   * @throws IllegalStateException if the beans are read-only
   */
  @Description("Takes the agent out of this JVM: classes, threads, events and beans")
  void uninstall();
}
