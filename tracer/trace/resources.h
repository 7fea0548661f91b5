// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers for what calls open and close. A handle (key 3, a pointer) is reused after it was closed, and means the same
// in a forked child as in its parent until one of them closes it: resources are numbered once for the whole trace.
#pragma once

#include "tracer/trace/processes.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace initorder::trace {

/// To be asked in the order of time.
class Resources {
public:
  explicit Resources(const Processes &processes) : processes_(processes) {}

  /// `kind` keeps handles of different things apart: "tsd", "thread", "connection".
  std::uint64_t open(ProcessNumber process, const std::string &kind, std::int64_t handle, std::uint64_t time);
  /// The resource that the handle stands for; none: opened before the trace began.
  std::optional<std::uint64_t> find(ProcessNumber process, const std::string &kind, std::int64_t handle,
                                    std::uint64_t time) const;
  /// As find(); after it the handle is free in this process.
  std::optional<std::uint64_t> close(ProcessNumber process, const std::string &kind, std::int64_t handle,
                                     std::uint64_t time);

private:
  using Key = std::tuple<ProcessNumber, std::string, std::int64_t>;
  struct Change {
    std::uint64_t time;
    std::optional<std::uint64_t> resource; ///< none: closed
  };
  const Processes &processes_;
  std::map<Key, std::vector<Change>> changes_;
  std::uint64_t newest_ = 0;
};

} // namespace initorder::trace
