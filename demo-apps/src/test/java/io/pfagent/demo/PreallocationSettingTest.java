package io.pfagent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The knob, with a bean that only keeps the agent's names. */
final class PreallocationSettingTest {

  private ObjectName name;

  /** The part of the agent's bean that the demo turns. */
  public interface KnobMXBean {
    int getPreallocPages();

    void setPreallocPages(int pages);

    int[] getSupportedPages();

    String getLastChange();
  }

  private static final class Knob implements KnobMXBean {
    private int pages = 1;

    @Override
    public int getPreallocPages() {
      return pages;
    }

    @Override
    public void setPreallocPages(int newPages) {
      if (newPages > 512) {
        throw new IllegalArgumentException("from 1 to 512");
      }
      pages = newPages;
    }

    @Override
    public int[] getSupportedPages() {
      return new int[] {1, 16, 512};
    }

    @Override
    public String getLastChange() {
      return "set to " + pages;
    }
  }

  @BeforeEach
  void register() throws Exception {
    name = new ObjectName("io.pfagent:type=Preallocation");
    ManagementFactory.getPlatformMBeanServer().registerMBean(new Knob(), name);
  }

  @AfterEach
  void unregister() throws Exception {
    ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
  }

  @Test
  void asManyAsTheBeanSupportsUnlessANumberIsGiven() throws Exception {
    assertThat(PreallocationSetting.change(0)).isEqualTo("set to 512");
    assertThat(PreallocationSetting.change(16)).isEqualTo("set to 16");
  }

  @Test
  void refusalIsALineAndNoError() throws Exception {
    assertThat(PreallocationSetting.change(1_000)).isEqualTo("nothing changes: from 1 to 512");
  }
}
