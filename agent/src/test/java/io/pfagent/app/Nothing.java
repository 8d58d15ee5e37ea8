package io.pfagent.app;

/** Does nothing. */
public final class Nothing {

  private Nothing() {}

  public static void main(String[] arguments) {}
}
