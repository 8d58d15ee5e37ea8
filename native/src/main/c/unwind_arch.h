/*
 * What differs between processors: the registers of a sample and the places in HotSpot's frames.
 *
 * Registers are numbered as DWARF numbers them (System V ABI for AMD64, figure 3.36; DWARF for the
 * Arm 64-bit Architecture, section 4.1), so that call frame information needs no translation. The
 * kernel's numbers are those of arch/{x86,arm64}/include/uapi/asm/perf_regs.h.
 *
 * HotSpot's interpreter frame, words from the frame pointer (src/hotspot/cpu/x86/frame_x86.hpp, and
 * src/hotspot/cpu/aarch64/frame_aarch64.hpp for the other):
 *
 *        x86-64    aarch64
 *          +1        +1     return address
 *           0         0     the caller's frame pointer
 *          -1        -1     the caller's stack pointer, as it was before the call
 *          -2        -2     last sp
 *          -3        -3     Method*
 *          -8        -9     bytecode pointer, saved at calls
 */
#ifndef PFAGENT_UNWIND_ARCH_H
#define PFAGENT_UNWIND_ARCH_H

#if defined(__x86_64__)

enum {
  UNWIND_RAX = 0,
  UNWIND_RBX = 3,
  UNWIND_FP = 6, /* rbp */
  UNWIND_SP = 7, /* rsp */
  UNWIND_R13 = 13,
  UNWIND_PC = 16, /* DWARF's column of the return address */
  UNWIND_REGISTERS = 17,

  /* What the interpreter keeps in registers (interp_masm_x86.hpp, abstractInterpreter_x86.cpp). */
  UNWIND_BYTECODE_POINTER = UNWIND_R13,
  UNWIND_ENTERED_METHOD = UNWIND_RBX,
  UNWIND_ENTERED_SENDER_SP = UNWIND_R13,
  UNWIND_ENTERED_RETURN = UNWIND_RAX,

  UNWIND_INTERPRETER_METHOD = -3,
  UNWIND_INTERPRETER_BCP = -8,
};

/* ax bx cx dx si di bp sp ip, r8 to r15. */
#define UNWIND_PERF_MASK 0xff01ffULL
#define UNWIND_PERF_COUNT 17

/* A sample's words come in the order of the mask's bits; this is where each of them belongs. */
static const unsigned char unwind_perf_order[UNWIND_PERF_COUNT] = {
    0, 3, 2, 1, 4, 5, UNWIND_FP, UNWIND_SP, UNWIND_PC, 8, 9, 10, 11, 12, 13, 14, 15};

#elif defined(__aarch64__)

enum {
  UNWIND_FP = 29,
  UNWIND_LR = 30,
  UNWIND_SP = 31,
  UNWIND_PC = 32,
  UNWIND_REGISTERS = 33,

  UNWIND_BYTECODE_POINTER = 22, /* rbcp */
  UNWIND_ENTERED_METHOD = 12,   /* rmethod */
  UNWIND_ENTERED_SENDER_SP = 19,
  UNWIND_ENTERED_RETURN = UNWIND_LR,

  UNWIND_INTERPRETER_METHOD = -3,
  UNWIND_INTERPRETER_BCP = -9,
};

/* x0 to x29, lr, sp, pc. */
#define UNWIND_PERF_MASK 0x1ffffffffULL
#define UNWIND_PERF_COUNT 33

static const unsigned char unwind_perf_order[UNWIND_PERF_COUNT] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16,
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};

#else
#error "pfagent's unwinder knows x86-64 and aarch64 only"
#endif

#endif
