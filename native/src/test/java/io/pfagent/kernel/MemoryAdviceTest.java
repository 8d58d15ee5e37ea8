package io.pfagent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Advice on memory of this process, and which of malloc's blocks can be given any. */
@EnabledOnOs(OS.LINUX)
final class MemoryAdviceTest {

  private static final long MB = 1 << 20;

  @Test
  void onlyWholeUnitsInsideAreAdvised() {
    assertThat(MemoryAdvice.inside(0x1010, 0x3000, 0x1000))
        .isEqualTo(new MemoryAdvice.Range(0x2000, 0x4000));
    assertThat(MemoryAdvice.inside(0x2000, 0x1000, 0x1000).size()).isEqualTo(0x1000);
    assertThat(MemoryAdvice.inside(0x2001, 0x1000, 0x1000).isEmpty()).isTrue();
    assertThat(MemoryAdvice.inside(0x2001, 0x1000, 0x1000).size()).isZero();
  }

  @Test
  void aRefusalNamesTheAdviceAndTheError() {
    assertThat(MemoryAdvice.HUGEPAGE.apply(new MemoryAdvice.Range(4096, 8192)))
        .isEqualTo("madvise(MADV_HUGEPAGE): ENOMEM");
  }

  @Test
  void populateChangesNoContent() {
    try (AnonymousMemory memory = AnonymousMemory.ofPages(4)) {
      memory.touch(0, memory.pageSize);
      MemoryAdvice.Range all = MemoryAdvice.inside(memory.address, memory.size, memory.pageSize);
      assertThat(MemoryAdvice.POPULATE_WRITE.apply(all)).isEmpty();
      assertThat(memory.load(0)).isEqualTo((byte) 1);
      assertThat(memory.load(memory.pageSize)).isZero();
    }
  }

  @Test
  void aLargeBlockIsMappedByItselfAndASmallOneIsNot() {
    Memory large = new Memory(64 * MB);
    Memory small = new Memory(1000);
    long address = Pointer.nativeValue(large);

    assertThat(MallocBlock.isMappedByItself(address, 64 * MB)).isTrue();
    assertThat(MallocBlock.isStillMappedByItself(address, 64 * MB)).isTrue();
    assertThat(MallocBlock.isMappedByItself(address, 32 * MB)).isFalse();
    assertThat(MallocBlock.isMappedByItself(Pointer.nativeValue(small), 1000)).isFalse();
    large.close();
    small.close();
    assertThat(MallocBlock.isStillMappedByItself(address, 64 * MB)).isFalse();
  }

  @Test
  void freshMemoryIsZeroWhateverWasInIt() {
    Memory block = new Memory(8 * MB);
    block.setMemory(0, 8 * MB, (byte) 1);

    assertThat(FreshMemory.zero(Pointer.nativeValue(block), 8 * MB)).isTrue();
    for (long at = 0; at < 8 * MB; at++) {
      assertThat(block.getByte(at) == 0).as("byte %d", at).isTrue();
    }
    block.close();
  }

  @Test
  void unusedPagesAreThoseThatHoldZeros() {
    try (PageMap pageMap = PageMap.open();
        AnonymousMemory memory = AnonymousMemory.ofPages(64)) {
      UnusedPages unused = new UnusedPages(pageMap);
      assertThat(unused.bytes(memory.address, memory.size)).isZero();

      MemoryAdvice.POPULATE_WRITE.apply(
          MemoryAdvice.inside(memory.address, memory.size, memory.pageSize));
      assertThat(unused.bytes(memory.address, memory.size)).isEqualTo(memory.size);

      memory.touch(0, memory.size / 4);
      assertThat(unused.bytes(memory.address, memory.size)).isEqualTo(memory.size * 3 / 4);
    }
  }
}
