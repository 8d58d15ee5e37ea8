package io.pfagent.benchmarks;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Two threads hand over to each other, which switches the processor between them each time: the
 * kernel has perf events to put aside and to bring back then. Prints how many nanoseconds a
 * handover took, through a {@link SynchronousQueue} and with {@link LockSupport}, a line a round.
 */
public final class PingPong {

  /** The kernel looks for events at each switch for a second after the last one is closed. */
  private static final long WARM_UP_NANOS = 2_500_000_000L;

  private static final int HANDOVERS = 20_000;

  private PingPong() {}

  /** Takes how many rounds to print. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1) {
      System.err.println("usage: PingPong ROUNDS");
      System.exit(2);
    }
    int rounds = Integer.parseInt(args[0]);
    long start = System.nanoTime();
    for (int round = 0; round < rounds; ) {
      boolean isWarm = System.nanoTime() - start >= WARM_UP_NANOS;
      long queueNanos = perHandover(new QueuePair());
      long parkNanos = perHandover(new ParkPair());
      if (isWarm) {
        System.out.println(queueNanos + " " + parkNanos);
        round++;
      }
    }
  }

  private static long perHandover(Pair pair) throws InterruptedException {
    Thread partner = new Thread(pair::partner, "partner");
    long start = System.nanoTime();
    partner.start();
    pair.leader(partner);
    partner.join();
    return (System.nanoTime() - start) / HANDOVERS;
  }

  /** Both threads' parts in {@link #HANDOVERS} handovers, half of them each way. */
  private interface Pair {
    void leader(Thread partner);

    void partner();
  }

  private static final class QueuePair implements Pair {
    private final SynchronousQueue<Integer> there = new SynchronousQueue<>();
    private final SynchronousQueue<Integer> back = new SynchronousQueue<>();

    @Override
    public void leader(Thread partner) {
      for (int i = 0; i < HANDOVERS / 2; i++) {
        put(there, i);
        take(back);
      }
    }

    @Override
    public void partner() {
      for (int i = 0; i < HANDOVERS / 2; i++) {
        take(there);
        put(back, i);
      }
    }

    private static void put(SynchronousQueue<Integer> queue, int value) {
      try {
        queue.put(value);
      } catch (InterruptedException nobodyInterrupts) {
        throw new IllegalStateException(nobodyInterrupts);
      }
    }

    private static void take(SynchronousQueue<Integer> queue) {
      try {
        queue.take();
      } catch (InterruptedException nobodyInterrupts) {
        throw new IllegalStateException(nobodyInterrupts);
      }
    }
  }

  private static final class ParkPair implements Pair {
    private final Thread first = Thread.currentThread();
    private volatile int turn;

    @Override
    public void leader(Thread partner) {
      for (int i = 0; i < HANDOVERS; i += 2) {
        turn = i + 1;
        LockSupport.unpark(partner);
        awaitTurn(i + 2);
      }
    }

    @Override
    public void partner() {
      for (int i = 0; i < HANDOVERS; i += 2) {
        awaitTurn(i + 1);
        turn = i + 2;
        LockSupport.unpark(first);
      }
    }

    private void awaitTurn(int mine) {
      while (turn != mine) {
        LockSupport.park(this);
      }
    }
  }
}
