// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/rescue.h"

#include "tracer/process/guardian.h"

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>

namespace initorder {

constexpr int kUrgent = -20;

Rescue::Rescue(Lifeline &lifeline, const CodeLedger &ledger)
    : thread_([this, &lifeline, &ledger] {
        setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kUrgent);
        if (!lifeline.wait())
          restored_ = ledger.restore();
      }) {}

CodeLedger::Restored Rescue::wait() {
  thread_.join();
  return restored_;
}

static std::string count_of(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

void say_what_is_lost(trace::Record next, const CodeLedger::Restored &restored, trace::Sink &sink) {
  next.what = trace::Remarked{fmt::format(
      "{} was killed: {} of code in {} were put back at once; a thread that stood at a breakpoint, or came to one before that, may "
      "have died of it; what the server did since is not in the trace",
      kGuardianName, count_of(restored.bytes, "byte", "bytes"), count_of(restored.processes, "process", "processes"))};
  sink.take(next);
  ++next.number;
  next.what = trace::Finished{trace::Finished::Why::interrupted};
  sink.take(next);
}

} // namespace initorder
