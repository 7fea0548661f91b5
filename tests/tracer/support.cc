// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "support.h"

#include "tracer/process/guardian.h"
#include "tracer/process/thread_state.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder::test {
namespace {

/// While it lives, descriptors 0 to 2 are the program's, and signals are as `setup` says.
class Redirected {
public:
  explicit Redirected(const Before &setup) : setup_(setup), file_(memfd_create("output", MFD_CLOEXEC)) {
    fflush(nullptr);
    for (int fd = 0; fd < 3; ++fd) {
      saved_[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
      if (const int from = fd == 0 ? setup.input : file_; from >= 0)
        dup2(from, fd);
    }
    for (const int signal : setup.ignored)
      std::signal(signal, SIG_IGN);
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : setup.blocked)
      sigaddset(&blocked, signal);
    sigprocmask(SIG_BLOCK, &blocked, &mask_);
  }
  ~Redirected() {
    for (int fd = 0; fd < 3; ++fd) {
      dup2(saved_[fd], fd);
      close(saved_[fd]);
    }
    for (const int signal : setup_.ignored)
      std::signal(signal, SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
    close(file_);
  }
  std::string output() const {
    std::string out(static_cast<std::size_t>(lseek(file_, 0, SEEK_END)), '\0');
    const auto got = pread(file_, out.data(), out.size(), 0);
    out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return out;
  }

private:
  const Before &setup_;
  int file_;
  int saved_[3];
  sigset_t mask_;
};

/// Everything that is left of a run; what its first process ended with goes to `run`.
void wait_for_all(Outcome &run, pid_t first) {
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
    if (pid != first && first != 0)
      continue;
    if (first == 0 && (run.status || run.signal))
      continue; // a later orphan of it
    if (WIFEXITED(status))
      run.status = WEXITSTATUS(status);
    if (WIFSIGNALED(status))
      run.signal = WTERMSIG(status);
  }
}

struct Collector final : trace::Sink {
  std::vector<trace::Record> records;
  void take(const trace::Record &record) override { records.push_back(record); }
};

} // namespace

StopsAt::StopsAt(unsigned records, How how)
    : StopsAt([this, records](const trace::Record &) { return shared_->seen == records; }, how) {}
StopsAt::StopsAt(std::function<bool(const trace::Record &)> when, How how)
    : shared_(static_cast<Shared *>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))),
      when_(std::move(when)), how_(how) {}
StopsAt::~StopsAt() { munmap(shared_, sizeof(Shared)); }

static pid_t guardian_of_this_process() {
  std::ifstream children("/proc/thread-self/children");
  for (pid_t child; children >> child;)
    if (std::string name; std::getline(std::ifstream("/proc/" + std::to_string(child) + "/comm"), name) && name == kGuardianName)
      return child;
  return 0;
}

void StopsAt::take(const trace::Record &record) {
  if (const auto *started = std::get_if<trace::ProcessStarted>(&record.what); started && shared_->first == 0)
    shared_->first = started->pid;
  ++shared_->seen;
  if (has_stopped_ || !when_(record))
    return;
  has_stopped_ = true;
  switch (how_) {
  case How::asks_for_the_end: kill(getpid(), SIGTERM); break;
  case How::is_killed: kill(getpid(), SIGKILL); break;
  case How::kills_the_guardian:
    if (const pid_t guardian = guardian_of_this_process())
      kill(guardian, SIGKILL);
  }
}

int run_apart(const std::function<void(trace::Sink &)> &trace, StopsAt &sink) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t tracer = fork();
  if (tracer == 0) {
    trace(sink);
    _exit(0);
  }
  int status = -1;
  waitpid(tracer, &status, 0);
  while (sink.first() && state_of(sink.first()).tracer != 0)
    sched_yield();
  return status;
}

Running::Running(const std::vector<std::string> &command) : output_(memfd_create("output", MFD_CLOEXEC)) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  int input[2], runs[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(runs, O_CLOEXEC) != 0)
    return;
  pid_ = fork();
  if (pid_ == 0) {
    dup2(input[0], 0);
    dup2(output_, 1);
    std::vector<char *> arguments;
    for (const std::string &argument : command)
      arguments.push_back(const_cast<char *>(argument.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(input[0]);
  close(runs[1]);
  char none;
  [[maybe_unused]] const auto got = read(runs[0], &none, 1); // exec() closes the other end
  close(runs[0]);
  input_ = input[1];
}
Running::~Running() {
  close(input_);
  close(output_);
}

Outcome Running::finish() {
  close(std::exchange(input_, -1));
  Outcome out;
  wait_for_all(out, pid_);
  out.output.resize(static_cast<std::size_t>(lseek(output_, 0, SEEK_END)));
  const auto got = pread(output_, out.output.data(), out.output.size(), 0);
  out.output.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return out;
}

std::string program(const std::string &name) { return INITORDER_PROGRAMS "/" + name; }

std::string Outcome::ending() const {
  return status ? "exit " + std::to_string(*status) : signal ? "signal " + std::to_string(*signal) : "not ended";
}

unsigned TracedRun::calls(const std::string &function) const {
  unsigned count = 0;
  for (const auto &call : all<trace::Called>())
    count += call.function == function;
  return count;
}

Outcome run(const std::vector<std::string> &command, const Before &setup) {
  // Orphans of the program are ours, so that their end can be waited for.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Outcome out;
  const Redirected redirected(setup);
  const pid_t pid = fork();
  if (pid == 0) {
    std::vector<char *> arguments;
    for (const std::string &argument : command)
      arguments.push_back(const_cast<char *>(argument.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  wait_for_all(out, pid);
  out.output = redirected.output();
  return out;
}

Packs packs_for(const std::vector<std::string> &functions) {
  LibraryPack pack{.name = "test"};
  for (const std::string &name : functions) {
    LibraryFunction function{.name = name};
    function.trace.always = true;
    function.trace.first = 1000000;
    function.trace.arguments = {{.name = "x"}};
    if (name.starts_with('=')) {
      function.name = name.substr(1);
      function.trace.result = true;
    }
    pack.functions.push_back(std::move(function));
  }
  Packs packs;
  packs.libraries.push_back(std::move(pack));
  return packs;
}

TracedRun run_until(const TraceOptions &options, const Before &setup, const std::function<void()> &let_go) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Collector collector;
  TracedRun out;
  const Redirected redirected(setup);
  const auto end = trace_command(options, collector);
  let_go();
  if (end) {
    out.why = end->why;
    out.status = end->exit_status;
    out.signal = end->signal;
  }
  wait_for_all(out, 0);
  out.output = end ? redirected.output() : end.error().text();
  out.records = std::move(collector.records);
  return out;
}

TracedRun run_traced(const std::vector<std::string> &command, const Packs &packs, const Before &setup) {
  return run_until({.command = command, .packs = &packs, .names = false}, setup, [] {});
}

} // namespace initorder::test
