package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PerfmapFileTest {

  private static final List<String> CAPTURED =
      List.of(
          "0x00007f17bbec7980 0x0000000000000180 void java.lang.System.arraycopy(java.lang.Object,"
              + " int, java.lang.Object, int, int)",
          "0x00007f17bbec7680 0x0000000000000078 void java.lang.Object.<init>()",
          "0x00007f17bb7d4c00 0x0000000000000140 I2C/C2I adapters(0xbb)",
          "0x00007f17bb7c0000 0x00000000000194e8 Interpreter",
          "0x00007f17bb7b0000 0x0000000000000c00 StubRoutines (initial stubs)",
          "",
          "0xz 0x10 broken",
          "0x10");

  private final List<MethodName> names = new ArrayList<>();

  @Test
  void findsWhatLiesAtAnAddress() {
    PerfmapFile file = parse();

    assertThat(file.size()).isEqualTo(5);
    assertThat(file.methods()).isEqualTo(2);
    assertThat(at(file, 0x7f17bbec7680L)).isEqualTo("<init> COMPILED");
    assertThat(at(file, 0x7f17bbec76f7L)).isEqualTo("<init> COMPILED");
    assertThat(file.at(0x7f17bbec76f8L)).isEmpty();
    assertThat(at(file, 0x7f17bbec7a00L)).isEqualTo("arraycopy COMPILED");
    assertThat(at(file, 0x7f17bb7c0000L)).isEqualTo("Interpreter INTERPRETED");
    assertThat(at(file, 0x7f17bb7b0bffL)).isEqualTo("StubRoutines (initial stubs) STUB");
    assertThat(at(file, 0x7f17bb7d4c00L)).isEqualTo("I2C/C2I adapters(0xbb) STUB");
    assertThat(file.at(1)).isEmpty();
    assertThat(PerfmapFile.EMPTY.at(1)).isEmpty();
  }

  @Test
  void takesNamesApart() {
    assertThat(
            PerfmapFile.name(
                "byte[][] a.b.C$D.of(int, java.lang.String[], char[][], boolean, Top)"))
        .isEqualTo(new MethodName("a.b.C$D", "of", "(I[Ljava/lang/String;[[CZLTop;)[[B", ""));
    assertThat(PerfmapFile.name("void Top.<init>()"))
        .isEqualTo(new MethodName("Top", "<init>", "()V", ""));
  }

  private PerfmapFile parse() {
    return PerfmapFile.parse(
        CAPTURED,
        name -> {
          names.add(name);
          return names.size() - 1;
        });
  }

  private String at(PerfmapFile file, long address) {
    PerfmapFile.Code code = file.at(address).orElseThrow();
    return names.get(code.method()).methodName() + " " + code.type();
  }
}
