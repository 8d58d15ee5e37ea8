package io.pfagent.benchmarks;

/** Does nothing but tell when its main method was entered: milliseconds since the epoch. */
public final class MainTime {

  private MainTime() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    System.out.println(System.currentTimeMillis());
  }
}
