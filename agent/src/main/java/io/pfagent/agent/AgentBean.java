package io.pfagent.agent;

import io.pfagent.jmx.AgentMXBean;
import io.pfagent.kernel.Capability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Answers {@link AgentMXBean}. */
final class AgentBean implements AgentMXBean {

  private final Agent agent;

  AgentBean(Agent agent) {
    this.agent = agent;
  }

  @Override
  public String getVersion() {
    return agent.version();
  }

  @Override
  public String getOptions() {
    return agent.options().text();
  }

  @Override
  public List<String> getCapabilities() {
    return agent.capabilities().stream().map(AgentBean::describe).toList();
  }

  @Override
  public void startRecording(String path) {
    checkWritable();
    if (path == null || path.isBlank()) {
      throw new IllegalArgumentException("path is empty; name a file to write");
    }
    try {
      agent.recordings().start(Path.of(path).toAbsolutePath());
    } catch (IOException | RuntimeException failure) {
      if (failure instanceof IllegalStateException running) {
        throw running;
      }
      throw new IllegalArgumentException("can't record to " + path + ": " + failure.getMessage());
    }
  }

  @Override
  public String stopRecording() {
    checkWritable();
    return agent.recordings().stop().toString();
  }

  @Override
  public void uninstall() {
    checkWritable();
    agent.uninstall();
  }

  private void checkWritable() {
    if (agent.options().jmx() == Options.JmxAccess.READONLY) {
      throw new IllegalStateException("the agent was started with jmx=readonly");
    }
  }

  private static String describe(Capability capability) {
    return capability.available()
        ? capability.name() + ": yes"
        : capability.name() + ": no, " + capability.reason() + "; " + capability.fallback();
  }
}
