package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Stacks, malloc and functions, found in this very process. */
@EnabledOnOs(OS.LINUX)
final class PlacesTest {

  @Test
  void waitingThreadsTellTheirStackPointer() {
    assertThat(StackPointers.parse("202 0x7f 0x80 0x0 0x7ffd00001000 0x7f0000001234\n"))
        .contains(0x7ffd00001000L);
    assertThat(StackPointers.parse("running\n")).isEmpty();
    assertThat(StackPointers.parse("-1 0x7ffd00001000 0x7f0000001234")).contains(0x7ffd00001000L);

    List<Long> pointers = StackPointers.read();
    assumeTrue(!pointers.isEmpty(), "/proc/self/task/TID/syscall can't be read here");
    List<Mapping> mappings = Mappings.read();
    assertThat(pointers)
        .allMatch(
            pointer ->
                mappings.stream()
                    .anyMatch(
                        mapping ->
                            mapping.start() <= pointer
                                && pointer < mapping.end()
                                && mapping.writable()));
  }

  @Test
  void anArenaIsToldFromOtherMemory() {
    MallocMemory malloc = new MallocMemory();
    List<Mapping> found =
        Mappings.read().stream()
            .filter(mapping -> mapping.isUnnamed() && mapping.writable())
            .filter(mapping -> malloc.isArena(mapping.start()))
            .toList();

    // A JVM has many threads that call malloc, each with an arena of its own until there are many.
    assertThat(found).isNotEmpty();
    assertThat(found).allMatch(mapping -> mapping.start() % (64 << 20) == 0);
    try (AnonymousMemory memory = AnonymousMemory.huge(2, 64 << 20)) {
      memory.touch(0, memory.pageSize);
      assertThat(malloc.isArena(memory.address)).isFalse();
    }
  }

  @Test
  void anArenaIsToldByItsHeaderHoweverMuchOfItIsMapped() {
    MallocMemory malloc = new MallocMemory();
    try (AnonymousMemory memory = AnonymousMemory.huge(2, 64 << 20)) {
      Pointer header = new Pointer(memory.address);
      header.setLong(0, memory.address + 0x30);
      header.setLong(16, 48 << 20);
      header.setLong(24, 48 << 20);
      assertThat(malloc.isArena(memory.address)).isTrue();
      assertThat(malloc.isArena(memory.address + 4096)).isFalse();

      header.setLong(8, 4096); // a heap before it that is none
      assertThat(malloc.isArena(memory.address)).isFalse();
      header.setLong(8, memory.address + memory.size);
      assertThat(malloc.isArena(memory.address)).isTrue();

      header.setLong(16, 49 << 20); // more in use than accessible
      assertThat(malloc.isArena(memory.address)).isFalse();
      header.setLong(16, 4097);
      assertThat(malloc.isArena(memory.address)).isFalse();
    }
  }

  @Test
  void aLargeBlockIsToldFromOtherMemory() {
    MallocMemory malloc = new MallocMemory();
    long block = Native.malloc(64 << 20);
    try (AnonymousMemory memory = AnonymousMemory.ofPages(16)) {
      memory.touch(0, memory.size);

      assertThat(malloc.isLargeBlock(block - 16, 64 << 20)).isFalse();
      assertThat(malloc.isLargeBlock(block - 16, (64 << 20) + 4096)).isTrue();
      assertThat(malloc.isLargeBlock(memory.address, memory.size)).isFalse();
    } finally {
      Native.free(block);
    }
  }

  @Test
  void anExportedFunctionIsNamed() {
    NativeSymbols symbols = new NativeSymbols();
    long getpid = LibC.dlsym(LibC.RTLD_DEFAULT, "getpid");

    Optional<NativeSymbols.Symbol> found = symbols.find(getpid);
    assertThat(found).isPresent();
    assertThat(found.get().library()).startsWith("libc");
    assertThat(found.get().function()).contains("getpid");
    assertThat(symbols.find(getpid)).isSameAs(found);
    assertThat(symbols.find(4096)).isEmpty();
  }
}
