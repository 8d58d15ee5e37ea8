package io.pfagent.kernel;

/** The environment refuses; the message is what a person can do about it. */
final class DeniedException extends Exception {
  private static final long serialVersionUID = 1;

  DeniedException(String reason) {
    super(reason);
  }
}
