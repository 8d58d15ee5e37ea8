package io.pfagent.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DictionaryTest {

  private final Dictionary dictionary = new Dictionary(SegmentFormat.TEXT);
  private final ByteWriter content = new ByteWriter(16);

  @Test
  void equalContentHasOneNumber() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(dictionary.find(content(i))).isZero();
      assertThat(dictionary.add(content(i))).isEqualTo(i + 1);
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(dictionary.find(content(i))).isEqualTo(i + 1);
    }
  }

  @Test
  void contentComesBack() throws Exception {
    for (int i = 0; i < 1000; i++) {
      dictionary.add(content(i));
    }
    assertThat(dictionary.content(700).text()).isEqualTo("entry 699");
    ByteWriter record = new ByteWriter(16);
    dictionary.writeTo(record, 700);
    ByteReader in = new ByteReader(record.array(), record.size());
    assertThat(in.get()).isEqualTo(SegmentFormat.TEXT);
    assertThat(in.number()).isEqualTo(700);
    assertThat(in.text()).isEqualTo("entry 699");
  }

  @Test
  void numbersNeverComeAgain() {
    int old = dictionary.add(content(1));
    dictionary.clear();
    assertThat(dictionary.has(old)).isFalse();
    assertThat(dictionary.find(content(1))).isZero();
    assertThat(dictionary.add(content(1))).isGreaterThan(old);
  }

  private ByteWriter content(int i) {
    content.clear();
    content.text("entry " + i, 100);
    return content;
  }
}
