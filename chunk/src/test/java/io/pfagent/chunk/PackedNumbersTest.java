package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackedNumbersTest {

  private final ByteWriter out = new ByteWriter(1);

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        127,
        128,
        16383,
        16384,
        1L << 48,
        1L << 56,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void numbersComeBack(long number) throws Exception {
    out.number(number);
    out.difference(number);
    ByteReader in = new ByteReader(out.array(), out.size());
    assertThat(in.number()).isEqualTo(number);
    assertThat(in.difference()).isEqualTo(number);
    assertThat(in.hasMore()).isFalse();
  }

  @Test
  void numbersTakeNineBytesAtMost() {
    out.number(-1);
    assertThat(out.size()).isEqualTo(9);
    out.clear();
    out.difference(-64);
    assertThat(out.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "main", "größer", "日本", "\ud83d\ude00 smile"})
  void textIsUtf8(String text) throws Exception {
    out.text(text, 100);
    assertThat(new ByteReader(out.array(), out.size()).text()).isEqualTo(text);
    assertThat(out.size()).isEqualTo(1 + text.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void textIsCutAndLoneSurrogatesAreReplaced() throws Exception {
    out.text("abc\ud83d\ude00", 4);
    out.text("\ude00x", 4);
    ByteReader in = new ByteReader(out.array(), out.size());
    assertThat(in.text()).isEqualTo("abc?");
    assertThat(in.text()).isEqualTo("?x");
  }

  @Test
  void tooFewBytesAreAnError() {
    out.number(100);
    assertThatThrownBy(() -> new ByteReader(out.array(), out.size()).text())
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> new ByteReader(new byte[] {(byte) 0x80}, 1).number())
        .isInstanceOf(EOFException.class);
  }
}
