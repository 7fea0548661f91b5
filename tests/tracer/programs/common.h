// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the programs share. Each prints what it does, nothing that differs from run to run, and ends by itself: whatever
// goes wrong, it is killed by its alarm.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// A function that the tests put a breakpoint on: each call in the source is one when it runs.
#ifdef __clang__
#define TRACED __attribute__((noinline, optnone, used))
#else
#define TRACED __attribute__((noipa, used))
#endif

static inline void say(const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  line[length++] = '\n';
  if (write(1, line, length) != length)
    abort();
}

static inline void must(int holds, const char *what) {
  if (!holds) {
    say("%s: %s", what, strerror(errno));
    _exit(99);
  }
}
#define MUST(condition) must(condition, #condition)

// SIGALRM ends it after this time at the latest. Alarms are not inherited: each process calls this.
static inline void bounded(void) { alarm(40); }

static inline const char *ending(int status) {
  static char text[64];
  if (WIFEXITED(status))
    snprintf(text, sizeof text, "exit %d", WEXITSTATUS(status));
  else if (WIFSIGNALED(status))
    snprintf(text, sizeof text, "signal %d", WTERMSIG(status));
  else if (WIFSTOPPED(status))
    snprintf(text, sizeof text, "stopped %d", WSTOPSIG(status));
  else if (WIFCONTINUED(status))
    snprintf(text, sizeof text, "continued");
  return text;
}

static inline int wait_for(pid_t pid, int options) {
  int status = 0;
  pid_t got;
  while ((got = waitpid(pid, &status, options)) < 0 && errno == EINTR) {
  }
  MUST(got > 0);
  return status;
}
