// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/recorder.h"

#include <csignal>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace initorder {

constexpr int kPatient = 19; ///< a nice value

Recorder::Recorder(trace::Sink &sink, bool names) : sink_(sink), names_(names), thread_([this] { run(); }) {}

Recorder::~Recorder() { finish(); }

void Recorder::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  filled_.notify_one();
  if (thread_.joinable())
    thread_.join();
  // The server waits for nobody any more, and the user for the rest: not patiently.
  for (; !waiting_.empty(); waiting_.pop_front())
    hand_on(waiting_.front());
}

void Recorder::hand_on(Raw &raw) {
  look_up(raw);
  sink_.take(raw.record);
}

void Recorder::put(trace::Record record, std::shared_ptr<const elf::Layout> layout, std::vector<RemoteAddr> stack) {
  record.number = next_++;
  record.at = std::chrono::steady_clock::now() - began_;
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = waiting_.empty();
    waiting_.push_back({std::move(record), std::move(layout), std::move(stack)});
  }
  if (was_empty)
    filled_.notify_one();
}

void Recorder::run() {
  // Signals are for the thread that drives ptrace.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  // Names can wait; the server's start cannot.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kPatient);
  for (std::unique_lock lock(mutex_);;) {
    filled_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_)
      return; // the rest is finish()'s
    Raw raw = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    hand_on(raw);
    lock.lock();
  }
}

/// `back` is 1 for a return address: the call stands before it.
static trace::Frame look_up_frame(const elf::Layout &layout, RemoteAddr address, std::uint64_t back) {
  trace::Frame frame{.offset = number(address)};
  const elf::Loaded *loaded = layout.at(address);
  if (!loaded)
    return frame;
  frame.object = loaded->path;
  frame.offset = number(in_file(address, loaded->bias));
  if (!loaded->object)
    return frame;
  const FileAddr looked{frame.offset - back};
  if (const auto symbol = loaded->object->function_at(looked)) {
    frame.function = symbol->name;
    frame.into = frame.offset - number(symbol->address);
  }
  if (const auto source = loaded->object->source_at(looked))
    frame.source = *source;
  return frame;
}

void Recorder::look_up(Raw &raw) const {
  if (!raw.layout || !names_)
    return;
  const auto look_up_values = [&](std::vector<trace::Value> &values) {
    for (trace::Value &value : values)
      if (value.function)
        value.function = look_up_frame(*raw.layout, RemoteAddr{value.function->offset}, 0);
  };
  if (auto *returned = std::get_if<trace::Returned>(&raw.record.what))
    look_up_values(returned->outputs);
  auto *called = std::get_if<trace::Called>(&raw.record.what);
  if (!called)
    return;
  look_up_values(called->arguments);
  for (std::size_t i = 0; i < raw.stack.size(); ++i)
    called->stack.push_back(look_up_frame(*raw.layout, raw.stack[i], i == 0 ? 0 : 1));
}

} // namespace initorder
