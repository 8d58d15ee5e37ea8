package io.pfagent.chunk;

import java.io.IOException;

/** A recording and its samples can't be joined; the message says why and what to do. */
public final class JoinException extends IOException {

  private static final long serialVersionUID = 1L;

  JoinException(String message) {
    super(message);
  }

  JoinException(String message, Throwable cause) {
    super(message, cause);
  }
}
