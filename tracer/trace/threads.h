// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which threads were gone again before their process forked, and which the fork left behind.
#pragma once

#include "rules/event.h"
#include "tracer/trace/calls.h"
#include "tracer/trace/processes.h"

#include <map>
#include <utility>

namespace initorder::trace {

/// A thread's life. Times are Record::number. Thread ids are reused: `began` tells lives apart.
struct ThreadLife {
  std::uint64_t began = 0;
  std::optional<std::uint64_t> ended;  ///< seen to end
  std::optional<std::uint64_t> joined; ///< by a call
  ThreadRole role = ThreadRole::other; ///< temporary: over before its process forked, or before the trace ended
};

class Threads {
public:
  Threads(const std::vector<Record> &records, const Processes &processes, const Calls &calls);

  /// Who made this record.
  ThreadRole role_of(const Record &record) const;
  /// The life of the thread that this call started; null: none was seen to begin.
  const ThreadLife *started_by(const Call &call) const;
  /// When the process forked next after this; none: it did not.
  std::optional<std::uint64_t> next_fork(ProcessNumber process, std::uint64_t time) const;

private:
  using Key = std::pair<ProcessNumber, std::int32_t>;
  std::optional<Key> thread_started_by(const Call &call) const;
  ThreadLife *life_at(const Key &thread, std::uint64_t time);

  const Processes &processes_;
  std::map<Key, std::vector<ThreadLife>> lives_; ///< in order
  /// By creator, when, and whom.
  std::map<Key, std::vector<std::pair<std::uint64_t, std::int32_t>>> starts_;
  std::map<ProcessNumber, std::vector<std::uint64_t>> forks_;
};

} // namespace initorder::trace
