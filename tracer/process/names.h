// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives the frames of records their symbols and lines, on the way to a sink. Files are opened as the process sees them
// (/proc/PID/root) as long as it lives.
#pragma once

#include "tracer/elf/object.h"
#include "tracer/trace/record.h"

#include <map>
#include <memory>
#include <string>

#include <sys/types.h>

namespace initorder {

class Names final : public trace::Sink {
public:
  explicit Names(trace::Sink &sink) : sink_(sink) {}
  void take(const trace::Record &record) override;

private:
  using Object = std::shared_ptr<const elf::Object>;
  const Object &object(pid_t process, const std::string &path);
  void look_up(trace::Frame &frame, pid_t process, std::uint64_t back);

  trace::Sink &sink_;
  elf::ObjectCache cache_;
  std::map<trace::ProcessNumber, pid_t> pids_;
  std::map<std::string, Object> objects_; ///< by path; null: cannot be opened
};

} // namespace initorder
