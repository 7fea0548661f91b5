// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs one of programs/ untraced and traced, and keeps what it wrote, how it ended, and what the trace says.
#pragma once

#include "tracer/process/trace_command.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::test {

/// Path of one of programs/, by its name without ".c".
std::string program(const std::string &name);

struct Outcome {
  std::string output; ///< all that the program and its children wrote to stdout and stderr
  std::optional<int> status;
  std::optional<int> signal;
  std::string ending() const; ///< "exit 3", "signal 9"
};

struct TracedRun : Outcome {
  TraceEnd::Why why = TraceEnd::Why::all_ended;
  std::vector<trace::Record> records;

  template <class T> std::vector<T> all() const {
    std::vector<T> out;
    for (const trace::Record &record : records)
      if (const auto *what = std::get_if<T>(&record.what))
        out.push_back(*what);
    return out;
  }
  unsigned calls(const std::string &function) const;
};

/// What holds when a program starts.
struct Before {
  int input = -1;           ///< its stdin; -1: ours
  std::vector<int> ignored; ///< signals that we ignore when it starts
  std::vector<int> blocked;
};

/// Until it and all that it started have ended.
Outcome run(const std::vector<std::string> &command, const Before &setup = {});

/// With breakpoints on each of `functions`; those whose name begins with '=' have their result written down too.
Packs packs_for(const std::vector<std::string> &functions);
/// Ends a process, or asks for the end of a trace, when it has seen so many records. Which processes began it tells to all
/// that were forked after it was made.
class StopsAt final : public trace::Sink {
public:
  enum class How { asks_for_the_end, is_killed, kills_the_guardian };
  StopsAt(unsigned records, How how);
  /// At the first record of which `when` says so.
  StopsAt(std::function<bool(const trace::Record &)> when, How how);
  ~StopsAt() override;
  StopsAt(const StopsAt &) = delete;
  void take(const trace::Record &record) override;
  /// Of the process that was followed first; 0: none.
  pid_t first() const { return shared_->first; }
  unsigned seen() const { return shared_->seen; }

private:
  struct Shared {
    pid_t first;
    unsigned seen;
  } *shared_;
  std::function<bool(const trace::Record &)> when_;
  How how_;
  bool has_stopped_ = false;
};

/// A tracer in a process of its own, until it has ended and nobody traces `sink`'s first process any more. Its wait status.
int run_apart(const std::function<void(trace::Sink &)> &trace, StopsAt &sink);

/// One of programs/ that runs untraced until its input ends, with its output kept.
class Running {
public:
  explicit Running(const std::vector<std::string> &command);
  ~Running();
  Running(const Running &) = delete;
  pid_t pid() const { return pid_; }
  /// Ends its input, and waits for it.
  Outcome finish();

private:
  pid_t pid_ = 0;
  int input_ = -1;
  int output_ = -1;
};

TracedRun run_traced(const std::vector<std::string> &command, const Packs &packs, const Before &setup = {});
/// As above; `let_go` is called when the tracer has let go of it, and before it is waited for.
TracedRun run_until(const TraceOptions &options, const Before &setup, const std::function<void()> &let_go);

} // namespace initorder::test
