// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/names.h"

namespace initorder {

const Names::Object &Names::object(pid_t process, const std::string &path) {
  const auto [known, is_new] = objects_.try_emplace(path);
  if (!is_new)
    return known->second;
  auto opened = cache_.open("/proc/" + std::to_string(process) + "/root" + path, path);
  if (!opened)
    opened = cache_.open(path, path);
  if (opened)
    known->second = *opened;
  return known->second;
}

/// `back` is 1 for a return address: the call stands before it.
void Names::look_up(trace::Frame &frame, pid_t process, std::uint64_t back) {
  if (frame.object.empty())
    return;
  const Object &in = object(process, frame.object);
  if (!in)
    return;
  const FileAddr looked{frame.offset - back};
  if (const auto symbol = in->function_at(looked)) {
    frame.function = symbol->name;
    frame.into = frame.offset - number(symbol->address);
  }
  if (const auto source = in->source_at(looked))
    frame.source = *source;
}

void Names::take(const trace::Record &record) {
  trace::Record named = record;
  if (const auto *started = std::get_if<trace::ProcessStarted>(&record.what))
    pids_[record.process] = started->pid;
  const pid_t process = pids_[record.process];
  const auto look_up_values = [&](std::vector<trace::Value> &values) {
    for (trace::Value &value : values)
      if (value.function)
        look_up(*value.function, process, 0);
  };
  // Opened at once: the process, and with it its view of the file, may be gone when a frame asks for it.
  if (const auto *executed = std::get_if<trace::ProcessExecuted>(&record.what))
    object(process, executed->program);
  if (const auto *loaded = std::get_if<trace::ObjectLoaded>(&record.what))
    if (const Object &in = object(process, loaded->object); in && in->build_id() != loaded->build_id)
      objects_[loaded->object] = nullptr; // another file has taken its name
  if (auto *returned = std::get_if<trace::Returned>(&named.what))
    look_up_values(returned->outputs);
  if (auto *called = std::get_if<trace::Called>(&named.what)) {
    look_up_values(called->arguments);
    for (std::size_t i = 0; i < called->stack.size(); ++i)
      look_up(called->stack[i], process, i == 0 ? 0 : 1);
  }
  sink_.take(named);
}

} // namespace initorder
