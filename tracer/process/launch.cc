// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// t0 the child waits at a pipe; t1 we seize it; t2 the pipe closes and the child calls exec(). What fails after t1 is
// said through a second pipe, which exec() closes.
#include "tracer/process/launch.h"

#include "tracer/elf/object.h"
#include "tracer/process/stop.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

/// As execvp() looks for it.
Result<std::string> find_program(const std::string &name) {
  const auto is_program = [](const std::string &path) {
    return access(path.c_str(), X_OK) == 0 && !std::filesystem::is_directory(path);
  };
  if (name.find('/') != std::string::npos) {
    if (is_program(name))
      return name;
    if (access(name.c_str(), F_OK) == 0)
      return Error{Error::Kind::denied, name, "is not a program that can be run"};
    return Error{Error::Kind::gone, name, "no such program"};
  }
  const char *path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const std::string candidate = (folder.empty() ? "." : folder) + "/" + name; is_program(candidate))
      return candidate;
  return Error{Error::Kind::gone, name, "no such program in PATH"};
}

/// Scripts are for their interpreter; what is ELF must be of this machine.
Result<void> check_program(const std::string &program) {
  const auto object = elf::Object::open(program, program);
  if (object || object.error().kind != Error::Kind::unsupported)
    return {};
  return Error{Error::Kind::unsupported, program, object.error().what};
}

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() { [[maybe_unused]] const int made = pipe2(ends.data(), O_CLOEXEC); }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(unsigned which) {
    if (ends[which] >= 0)
      close(ends[which]);
    ends[which] = -1;
  }
};

[[noreturn]] void become(const std::string &program, const std::vector<std::string> &command, Pipe &wait, Pipe &say,
                         const InheritedSignals &signals) {
  wait.close_end(1); // else it never closes
  char go = 0;
  while (read(wait.ends[0], &go, 1) < 0 && errno == EINTR) {
  }
  std::vector<char *> arguments;
  for (const std::string &argument : command)
    arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  sigaction(SIGCHLD, &signals.child, nullptr);
  sigprocmask(SIG_SETMASK, &signals.mask, nullptr);
  execv(program.c_str(), arguments.data());
  const int why = errno;
  [[maybe_unused]] const auto said = write(say.ends[1], &why, sizeof why);
  _exit(127);
}

} // namespace

Result<Launched> launch(const std::vector<std::string> &command, const InheritedSignals &signals) {
  const auto program = find_program(command.front());
  if (!program)
    return program.error();
  if (auto checked = check_program(*program); !checked)
    return checked.error();
  Pipe go, failed;
  const pid_t pid = fork();
  if (pid < 0)
    return Error{Error::Kind::denied, *program, std::string("cannot start it: ") + std::strerror(errno)};
  if (pid == 0)
    become(*program, command, go, failed, signals);
  failed.close_end(1);
  if (ptrace(PTRACE_SEIZE, pid, nullptr, kSeizeOptions) != 0) {
    const int why = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return Error{Error::Kind::denied, *program,
                 std::string("cannot trace it: ") + std::strerror(why) +
                     "; another tracer, a container without CAP_SYS_PTRACE, or kernel.yama.ptrace_scope=3"};
  }
  go.close_end(1);
  // Nothing comes through once exec() has closed the other end; but that stops first, so the answer is the wait status.
  int status = 0;
  while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR) {
  }
  int why = 0;
  if (!WIFSTOPPED(status) && read(failed.ends[0], &why, sizeof why) == sizeof why)
    return Error{why == ENOENT ? Error::Kind::gone : Error::Kind::denied, *program,
                 std::string("cannot run it: ") + std::strerror(why)};
  return Launched{pid, status};
}

} // namespace initorder
