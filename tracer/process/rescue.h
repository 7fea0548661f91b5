// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/process/code_ledger.h"
#include "tracer/process/lifeline.h"
#include "tracer/trace/record.h"

#include <string>
#include <thread>

namespace initorder {

/// Puts the code right as soon as the guardian dies without having done so, whatever else the front is busy with.
class Rescue {
public:
  Rescue(Lifeline &lifeline, const CodeLedger &ledger);
  /// Until the guardian has ended: what was put right.
  CodeLedger::Restored wait();

private:
  CodeLedger::Restored restored_;
  std::thread thread_;
};

/// The guardian was killed. `restored` is what was done about it, `next` the record after the last.
void say_what_is_lost(trace::Record next, const CodeLedger::Restored &restored, trace::Sink &sink);

} // namespace initorder
