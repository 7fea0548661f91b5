// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/guardian.h"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace initorder {
namespace {

/// Our command line as others see it, a part of our own stack: arg_start and arg_end of proc_pid_stat(5).
void rename_command_line() {
  constexpr int kArgStart = 48;
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const auto close = text.rfind(')');
  if (close == text.npos)
    return;
  std::istringstream fields(text.substr(close + 1));
  std::string field;
  for (int number = 3; number < kArgStart && fields >> field; ++number) {
  }
  std::uintptr_t begin = 0, end = 0;
  if (!(fields >> begin >> end) || begin == 0 || end <= begin)
    return;
  auto *const line = reinterpret_cast<char *>(begin);
  std::memset(line, 0, end - begin);
  std::memcpy(line, kGuardianName, std::min<std::size_t>(sizeof kGuardianName, end - begin) - 1);
}

void keep_alone(int socket, int lifeline) {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int own[] = {nothing, nothing, nothing, fcntl(socket, F_DUPFD_CLOEXEC, 10), fcntl(lifeline, F_DUPFD_CLOEXEC, 10)};
  for (int place = 0; place <= kLifeline; ++place)
    dup2(own[place], place);
  close_range(kLifeline + 1, ~0U, 0);
}

} // namespace

bool become_guardian(int socket, Lifeline &lifeline, pid_t front) {
  // All that can be, for good: what matters is waited for.
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  setsid();
  prctl(PR_SET_NAME, kGuardianName, 0, 0, 0);
  rename_command_line();
  keep_alone(socket, lifeline.guardians_end());
  lifeline.hold(kLifeline);
  std::ofstream("/proc/self/oom_score_adj") << "-1000";
  rlimit files{}; // one for each traced process's memory, and one for each object
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
  return getppid() == front; // it may have died before the line above
}

} // namespace initorder
