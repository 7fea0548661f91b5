// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// By which host pack a trace is judged.
#pragma once

#include "rules/packs.h"
#include "tracer/trace/record.h"

#include <string>
#include <vector>

namespace initorder {

/// The one that --host names, else the trace's own; null if no pack knows it. Errors: unknown (--host).
Result<const HostPack *> host_for(const std::vector<trace::Record> &records, const Packs &packs,
                                  const std::string &named);

} // namespace initorder
