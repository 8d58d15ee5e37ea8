package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The call of the kernel patch: its number is the patch's, and it isn't made without the patch. */
final class MultiPageAllocTest {

  private static final Path HEADER = Path.of("kernel/multi_page_alloc.h");

  @Test
  void numbersAreThoseOfThePatch() throws IOException {
    assertThat(constant("NR_MULTI_PAGE_ALLOC")).isEqualTo("" + MultiPageAlloc.X86_64_NUMBER);
    assertThat(constant("MULTI_PAGE_ALLOC_MAX")).isEqualTo("" + MultiPageAlloc.MOST_PAGES);
    assertThat(constant("MULTI_PAGE_ALLOC_FILE"))
        .isEqualTo("\"/" + MultiPageAlloc.RECOGNISED_BY + "\"");
  }

  @Test
  void thereIsNoCallWithoutTheFile(@TempDir Path root) throws IOException {
    assertThat(MultiPageAlloc.open(root, "amd64")).isEmpty();

    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(root.resolve(MultiPageAlloc.RECOGNISED_BY), "1\n");
    assertThat(MultiPageAlloc.open(root, "amd64")).isPresent();
    assertThat(MultiPageAlloc.open(root, "aarch64")).isEmpty();

    Files.writeString(root.resolve(MultiPageAlloc.RECOGNISED_BY), "not a number\n");
    assertThat(MultiPageAlloc.open(root, "amd64")).isEmpty();
  }

  private static String constant(String name) throws IOException {
    Matcher line =
        Pattern.compile("(?m)^#define " + name + " (\\S+)$").matcher(Files.readString(HEADER));
    assertThat(line.find()).as(name).isTrue();
    return line.group(1);
  }
}
