package io.pfagent.agent;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Work beside the application's start, each in a daemon thread of its own. */
final class Background {

  private Background() {}

  /** Begins the work; its failure is the result's. */
  static <T> CompletableFuture<T> start(String threadName, Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(work.get());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            },
            threadName);
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}
