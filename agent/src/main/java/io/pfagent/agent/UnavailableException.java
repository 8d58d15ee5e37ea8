package io.pfagent.agent;

/** The agent can't work in this JVM, or does so already; the message says why. */
final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  UnavailableException(String message) {
    super(message);
  }
}
