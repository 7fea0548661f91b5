// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a process has when it begins: arguments, environment, descriptors, signals, limits.
#include "common.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/stat.h>

int main(int count, char **arguments, char **environment) {
  bounded();
  for (int i = 0; i < count; ++i)
    say("argument %s", arguments[i]);
  for (char **entry = environment; *entry; ++entry)
    say("environment %s", *entry);
  DIR *folder = opendir("/proc/self/fd");
  for (struct dirent *entry; (entry = readdir(folder));) {
    struct stat status;
    const int fd = atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != dirfd(folder) && fstat(fd, &status) == 0)
      say("descriptor %d: mode %o, flags %x %x", fd, status.st_mode, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
  }
  closedir(folder);
  for (int i = 1; i < 65; ++i) {
    struct sigaction action;
    if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
      say("signal %d is %s", i, action.sa_handler == SIG_IGN ? "ignored" : "handled");
  }
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  for (int i = 1; i < 65; ++i)
    if (sigismember(&mask, i))
      say("signal %d is blocked", i);
  const mode_t creation = umask(0);
  say("umask %o, nice %d, dumpable %d", creation, getpriority(PRIO_PROCESS, 0), prctl(PR_GET_DUMPABLE));
  say("group %d, session %d, parent's group %d", getpgrp() == getpid(), getsid(0) == getpid(), getpgrp() == getpgid(getppid()));
  for (int i = 0; i < RLIM_NLIMITS; ++i) {
    struct rlimit limit;
    getrlimit(i, &limit);
    say("limit %d: %ld %ld", i, (long)limit.rlim_cur, (long)limit.rlim_max);
  }
  struct itimerval timer;
  getitimer(ITIMER_REAL, &timer);
  char folder_name[4096];
  say("timer %d, folder %s", timer.it_value.tv_sec > 30, getcwd(folder_name, sizeof folder_name));
  return 0;
}
