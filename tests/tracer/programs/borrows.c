// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Children that run in their parent's memory: vfork, posix_spawn, clone(CLONE_VM) with and without CLONE_VFORK. The last
// one outlives its parent.
#include "common.h"
#include <sched.h>
#include <spawn.h>

TRACED int traced(int x) { return x * 2; }

static volatile int written;
static char stack[65536];
static char second_stack[65536];
static int go_on[2];

static int child_main(void *argument) {
  written = traced((int)(long)argument);
  return 0;
}

static int outliving(void *unused) {
  (void)unused;
  char end;
  close(go_on[1]);
  MUST(read(go_on[0], &end, 1) == 0); // the parent is gone
  say("the parent is gone: %d", traced(traced(10)));
  for (int i = 0; i < 10; ++i)
    written += traced(i);
  say("sum %d", written);
  return 0;
}

int main(void) {
  bounded();
  extern char **environ;
  pid_t child = vfork();
  if (child == 0)
    _exit(traced(3));
  say("vfork and _exit: %s", ending(wait_for(child, 0)));

  child = vfork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", "echo from the shell; exit 4", NULL);
    _exit(98);
  }
  say("vfork and exec: %s", ending(wait_for(child, 0)));

  char *arguments[] = {"sh", "-c", "exit 5", NULL};
  MUST(posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0);
  say("posix_spawn: %s", ending(wait_for(child, 0)));
  say("posix_spawn of nothing: %s", strerror(posix_spawn(&child, "/nonexistent", NULL, NULL, arguments, environ)));

  child = clone(child_main, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)20L);
  wait_for(child, 0);
  say("clone wrote %d", written);
  child = clone(child_main, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, (void *)30L);
  say("clone and wait wrote %d", written);
  wait_for(child, 0);
  child = clone(child_main, stack + sizeof stack, SIGCHLD, (void *)40L);
  wait_for(child, 0);
  say("clone with its own memory left %d", written);

  MUST(pipe(go_on) == 0);
  written = 0;
  MUST(clone(outliving, second_stack + sizeof second_stack, CLONE_VM | SIGCHLD, NULL) > 0);
  say("the parent ends with %d", traced(1));
  _exit(6);
}
