/*
 * Runs a command without some system calls: deny errno|kill NUMBER... -- COMMAND ARGUMENT...
 * With errno they fail with EPERM, as in a container; with kill the first one ends the process.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { MOST_CALLS = 32, WRONG_USAGE = 2 };

static int usage(void) {
  fprintf(stderr, "usage: deny errno|kill NUMBER... -- COMMAND ARGUMENT...\n");
  return WRONG_USAGE;
}

int main(int count, char **arguments) {
  if (count < 2) {
    return usage();
  }
  unsigned int action = strcmp(arguments[1], "kill") == 0 ? SECCOMP_RET_KILL_PROCESS
                                                          : SECCOMP_RET_ERRNO | EPERM;
  struct sock_filter filter[2 * MOST_CALLS + 2] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
  unsigned short length = 1;
  int next = 2;
  for (; next < count && strcmp(arguments[next], "--") != 0; next++) {
    if (length > 2 * MOST_CALLS) {
      return usage();
    }
    unsigned int number = (unsigned int)atoi(arguments[next]);
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
  }
  filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  if (next + 1 >= count) {
    return usage();
  }
  struct sock_fprog program = {.len = length, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    perror("deny");
    return 1;
  }
  execvp(arguments[next + 1], arguments + next + 1);
  perror(arguments[next + 1]);
  return 1;
}
