package io.pfagent.agent;

/** An option that can't be followed; the message names the value and the remedy. */
final class OptionException extends Exception {
  private static final long serialVersionUID = 1;

  OptionException(String message) {
    super(message);
  }
}
