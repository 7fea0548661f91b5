// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/launch.h"

#include "tracer/elf/object.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include <fcntl.h>
#include <sys/prctl.h>
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

[[noreturn]] void become(const std::string &program, const std::vector<std::string> &command, Pipe &wait, Pipe &say,
                         const InheritedSignals &signals) {
  wait.close_end(1); // else it never closes
  char go = 0;
  ssize_t got = 0;
  while ((got = read(wait.ends[0], &go, 1)) < 0 && errno == EINTR) {
  }
  if (got != 1)
    _exit(127); // nobody is left to say so
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

Pipe::Pipe() { [[maybe_unused]] const int made = pipe2(ends.data(), O_CLOEXEC); }
Pipe::~Pipe() {
  close_end(0);
  close_end(1);
}
void Pipe::close_end(unsigned which) {
  if (ends[which] >= 0)
    close(ends[which]);
  ends[which] = -1;
}

Result<void> Launch::check(const std::vector<std::string> &command) {
  const auto program = find_program(command.front());
  return program ? check_program(*program) : program.error();
}

Result<pid_t> Launch::prepare(const std::vector<std::string> &command, const InheritedSignals &signals, pid_t tracer) {
  const auto program = find_program(command.front());
  if (!program)
    return program.error();
  program_ = *program;
  pid_ = fork();
  if (pid_ < 0)
    return Error{Error::Kind::denied, program_, std::string("cannot start it: ") + std::strerror(errno)};
  if (pid_ == 0) {
    prctl(PR_SET_PTRACER, tracer, 0, 0, 0); // where Yama lets only parents trace
    become(program_, command, wait_, say_, signals);
  }
  say_.close_end(1);
  return pid_;
}

void Launch::go() {
  constexpr char kGo = 1;
  [[maybe_unused]] const auto said = write(wait_.ends[1], &kGo, 1);
  wait_.close_end(1);
}

Error Launch::why_not() {
  int why = 0;
  if (read(say_.ends[0], &why, sizeof why) != sizeof why)
    return {Error::Kind::gone, program_, "ended before it ran"};
  return {why == ENOENT ? Error::Kind::gone : Error::Kind::denied, program_, std::string("cannot run it: ") + std::strerror(why)};
}

void Launch::give_up() {
  if (pid_ > 0)
    kill(pid_, SIGKILL);
}

} // namespace initorder
