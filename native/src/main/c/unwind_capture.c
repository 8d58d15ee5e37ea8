#include "unwind_capture.h"

#include "unwind_memory.h"

/* The kernel copies to the end of what is mapped; so do reads that go page by page. */
static uint64_t copy_stack(uint64_t from, uint8_t *bytes, size_t most) {
  uint64_t size = 0;
  while (size < most) {
    uint64_t part = UNWIND_PAGE - (from + size) % UNWIND_PAGE;
    part = part < most - size ? part : most - size;
    if (!unwind_self_source(NULL, from + size, bytes + size, part)) {
      break;
    }
    size += part;
  }
  return size;
}

#if defined(__x86_64__)
__attribute__((noinline)) bool unwind_capture(struct unwind_registers *registers,
                                              struct unwind_stack *stack, uint8_t *bytes,
                                              size_t most) {
  memset(registers, 0, sizeof *registers);
  uint64_t *value = registers->value;
  __asm__ volatile(
      "movq %%rbx, 24(%0)\n\t"
      "movq %%rbp, 48(%0)\n\t"
      "movq %%rsp, 56(%0)\n\t"
      "movq %%r12, 96(%0)\n\t"
      "movq %%r13, 104(%0)\n\t"
      "movq %%r14, 112(%0)\n\t"
      "movq %%r15, 120(%0)\n\t"
      "leaq 0f(%%rip), %%rax\n\t"
      "movq %%rax, 128(%0)\n"
      "0:"
      :
      : "r"(value)
      : "rax", "memory");
  stack->low = value[UNWIND_SP];
  stack->bytes = bytes;
  stack->size = copy_stack(stack->low, bytes, most);
  return stack->size > 0;
}
#else
bool unwind_capture(struct unwind_registers *registers, struct unwind_stack *stack, uint8_t *bytes,
                    size_t most) {
  (void)registers, (void)stack, (void)copy_stack(0, bytes, most & 0);
  return false;
}
#endif
