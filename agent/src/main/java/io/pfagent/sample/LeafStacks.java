package io.pfagent.sample;

import io.pfagent.jvm.AddressRange;
import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.NativeSymbols;
import java.util.Optional;

/**
 * The top of each stack: the method that has faulted with those that it is inlined into, or the
 * native function. Right on every JVM.
 */
final class LeafStacks implements StackSource {

  private final Optional<AddressRange> codeCache;
  private final NativeSymbols symbols = new NativeSymbols();
  private CaughtStack.Leaf last = new CaughtStack.Leaf(0, null);

  /**
   * @param codeCache where the JVM's own code is; empty if it doesn't tell
   */
  LeafStacks(Optional<AddressRange> codeCache) {
    this.codeCache = codeCache;
  }

  @Override
  public CaughtStack read(FaultRecord fault) {
    return fault.programCounter() == 0 ? CaughtStack.Unknown.INSTANCE : leaf(fault);
  }

  CaughtStack.Leaf leaf(FaultRecord fault) {
    long pc = fault.programCounter();
    if (pc != last.pc()) {
      last = new CaughtStack.Leaf(pc, isJava(pc) ? null : symbols.find(pc).orElse(null));
    }
    return last;
  }

  private boolean isJava(long pc) {
    return codeCache.isPresent() && codeCache.get().contains(pc);
  }
}
