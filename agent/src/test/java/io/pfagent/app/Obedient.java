package io.pfagent.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Does what it is told on standard input, a line each, and answers with a line each. */
public final class Obedient {

  private static final List<ByteBuffer> KEPT = new ArrayList<>();
  private static final List<byte[]> ARRAYS = new ArrayList<>();

  private Obedient() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(obey(line.split(" ")));
    }
  }

  private static String obey(String[] words) {
    switch (words[0]) {
      case "allocate" -> KEPT.add(ByteBuffer.allocateDirect(Integer.parseInt(words[1])));
      case "heap" -> ARRAYS.add(new byte[Integer.parseInt(words[1])]);
      case "exit" -> System.exit(Integer.parseInt(words[1]));
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "done";
  }
}
