package io.pfagent.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MethodNameTest {

  @Test
  void classesAreNamedAsClassGetNameDoes() {
    assertThat(className("Ljava/util/HashMap$Node;")).isEqualTo("java.util.HashMap$Node");
    assertThat(className("LTop;")).isEqualTo("Top");
    assertThat(className("Ljava/lang/invoke/LambdaForm$MH.0x0000000800c00400;"))
        .isEqualTo("java.lang.invoke.LambdaForm$MH/0x0000000800c00400");
    assertThat(className("")).isEmpty();
    assertThat(className(null)).isEmpty();
  }

  @Test
  void agreesWithAHiddenClass() {
    Runnable lambda = () -> {};
    String name = lambda.getClass().getName();
    int slash = name.lastIndexOf('/');
    assertThat(slash).as(name).isPositive();
    String signature =
        "L" + name.substring(0, slash).replace('.', '/') + "." + name.substring(slash + 1) + ";";
    assertThat(className(signature)).isEqualTo(name);
  }

  private static String className(String signature) {
    return MethodName.ofSignature(signature, "m", "()V", null).className();
  }
}
