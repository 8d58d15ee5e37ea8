package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changed, shared and put back, in a tree that stands for the machine's. */
final class SystemSettingsTest {

  private static final String ENABLED = "sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled";

  @TempDir private Path root;

  private SystemSettings first;
  private SystemSettings second;

  @BeforeEach
  void twoProcesses() throws IOException {
    select("never");
    start(11, 100);
    start(22, 200);
    first = SystemSettings.of(root, 11);
    second = SystemSettings.of(root, 22);
  }

  @Test
  void whatIsHeldIsPutBackAtRelease() throws IOException {
    assertThat(first.hold(64)).isEqualTo("never");
    assertThat(written()).isEqualTo("madvise");
    select("madvise");

    assertThat(first.release()).hasSize(1).allMatch(SystemSettings.Outcome::settled);
    assertThat(written()).isEqualTo("never");
    assertThat(state()).doesNotExist();
  }

  @Test
  void theLastOfTwoPutsItBack() throws IOException {
    first.hold(64);
    select("madvise");
    assertThat(second.hold(64)).isEqualTo("never");

    assertThat(first.release()).isEmpty();
    assertThat(written()).contains("[madvise]");
    second.release(64);
    assertThat(written()).isEqualTo("never");
  }

  @Test
  void whatSomebodyElseHasSetMeanwhileIsLeftAlone() throws IOException {
    first.hold(64);
    select("always");

    assertThat(first.release()).singleElement().asString().contains("left at always");
    assertThat(written()).contains("[always]");
    assertThat(state()).doesNotExist();
  }

  @Test
  void aKilledProcessLeavesEnoughToRestore() throws IOException {
    first.hold(64);
    select("madvise");
    assertThat(second.leftovers()).isEmpty();
    assertThat(second.restore()).isEmpty();

    Files.delete(root.resolve("proc/11/stat"));

    assertThat(second.leftovers()).containsExactly(ENABLED);
    assertThat(second.restore()).singleElement().asString().contains("madvise -> never");
    assertThat(written()).isEqualTo("never");
    assertThat(second.leftovers()).isEmpty();
  }

  @Test
  void aLaterProcessOfTheSameIdHoldsNothing() throws IOException {
    first.hold(64);
    select("madvise");
    start(11, 101);

    assertThat(second.leftovers()).containsExactly(ENABLED);
  }

  @Test
  void whatALivingProcessHoldsTooIsNotRestored() throws IOException {
    first.hold(64);
    select("madvise");
    second.hold(64);
    Files.delete(root.resolve("proc/11/stat"));

    assertThat(second.restore()).isEmpty();
    assertThat(written()).contains("[madvise]");
  }

  @Test
  void aSizeThatTheKernelLacksIsRefusedAndLeavesNothing() {
    assertThatThrownBy(() -> first.hold(8)).isInstanceOf(IOException.class);
    assertThat(state()).doesNotExist();
  }

  @Test
  void aStateFileThatNamesAnythingElseIsNotObeyed() throws IOException {
    Files.createDirectories(state().getParent());
    Files.writeString(state(), "pfagent settings 1\nsetting etc/passwd never\n");

    assertThatThrownBy(first::leftovers)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("setting etc/passwd never");
    assertThatThrownBy(() -> first.hold(64)).isInstanceOf(IOException.class);
  }

  private Path state() {
    return root.resolve("run/pfagent/settings");
  }

  /** What was written last: the bare word, where the kernel would show all words. */
  private String written() throws IOException {
    return Files.readString(root.resolve(ENABLED));
  }

  /** Shows a word as selected, as the kernel does. */
  private void select(String word) throws IOException {
    write(ENABLED, "always inherit madvise never".replace(word, "[" + word + "]"));
  }

  private void start(long pid, long ticks) throws IOException {
    write(
        "proc/" + pid + "/stat",
        pid + " (a) b) S 1 1 1 0 -1 4194560 9 0 0 0 1 2 0 0 20 0 1 0 " + ticks + " 4096 1\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
