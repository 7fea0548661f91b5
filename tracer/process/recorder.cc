// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/recorder.h"

#include "tracer/process/frames.h"
#include "tracer/process/message.h"
#include "tracer/process/record_bytes.h"

#include <string>
#include <utility>

namespace initorder {

constexpr std::size_t kMostWaiting = 64; ///< each may hold a copy of a stack
constexpr unsigned kLongestStack = 64;

void Recorder::put(trace::Record record, std::shared_ptr<const elf::Layout> layout, std::optional<StackCopy> stack) {
  record.at = std::chrono::steady_clock::now() - began_;
  waiting_.push_back({std::move(record), std::move(layout), std::move(stack)});
  if (waiting_.size() >= kMostWaiting)
    flush();
}

void Recorder::flush() {
  for (; !waiting_.empty(); waiting_.pop_front())
    write(waiting_.front());
}

void Recorder::write(Raw &raw) {
  if (raw.layout) {
    if (auto *returned = std::get_if<trace::Returned>(&raw.record.what))
      place_functions(returned->outputs, *raw.layout);
    if (auto *called = std::get_if<trace::Called>(&raw.record.what)) {
      place_functions(called->arguments, *raw.layout);
      if (raw.stack)
        for (const RemoteAddr address : raw.stack->unwind(*raw.layout, kLongestStack))
          called->stack.push_back(frame_of(*raw.layout, address));
    }
  }
  if (!out_.has_room() && !std::holds_alternative<trace::Finished>(raw.record.what)) {
    ++missing_;
    return;
  }
  if (missing_ > 0) {
    trace::Record remark{.at = raw.record.at, .process = raw.record.process, .thread = raw.record.thread};
    remark.what = trace::Remarked{std::to_string(std::exchange(missing_, 0)) +
                                  " records are missing here: nobody read them in time, and the server does not wait"};
    write(remark);
  }
  write(raw.record);
}

void Recorder::write(trace::Record &record) {
  record.number = next_++;
  std::string message = kRecordMessage;
  append_bytes(message, record);
  out_.put(message);
}

} // namespace initorder
