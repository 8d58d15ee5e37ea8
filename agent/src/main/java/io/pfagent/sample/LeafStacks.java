package io.pfagent.sample;

import io.pfagent.jvm.FrameType;
import io.pfagent.jvm.JavaCode;
import io.pfagent.kernel.FaultRecord;
import io.pfagent.kernel.NativeSymbols;
import java.util.Optional;

/**
 * The top of each stack: the method that has faulted with those that it is inlined into, or the
 * native function. Right on every JVM.
 */
final class LeafStacks implements StackSource {

  private final JavaCode code;
  private final NativeSymbols symbols = new NativeSymbols();

  LeafStacks(JavaCode code) {
    this.code = code;
  }

  @Override
  public StackState read(FaultRecord fault, SampledStack stack) {
    long pc = fault.programCounter();
    if (pc == 0) {
      return StackState.UNKNOWN;
    }
    if (code.frames(pc, fault.nanoTime(), false, stack.frames()) > 0) {
      return stack.frames().type(0) == FrameType.INTERPRETED
          ? StackState.INTERPRETED
          : StackState.LEAF;
    }
    Optional<NativeSymbols.Symbol> symbol = symbols.find(pc);
    symbol.ifPresent(stack::setNativeTop);
    return symbol.isPresent() ? StackState.LEAF : StackState.UNKNOWN;
  }
}
