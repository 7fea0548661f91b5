// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/watch_context.h"

#include <algorithm>
#include <utility>

namespace initorder {

void WatchContext::choose(const HostPack &chosen) {
  host = &chosen;
  first_probe = static_cast<std::uint32_t>(probes.size());
  for (Probe &probe : probes_of(packs, host))
    probes.push_back(std::move(probe));
  phase_functions.clear();
  for (const Phase &phase : host->phases)
    for (const std::string &function : phase.opened_by)
      if (std::find(phase_functions.begin(), phase_functions.end(), function) == phase_functions.end())
        phase_functions.push_back(function);
}

void WatchContext::record(const Thread &thread, decltype(trace::Record::what) what,
                          std::shared_ptr<const elf::Layout> layout, std::optional<StackCopy> stack) {
  trace::Record out;
  out.process = thread.process->number;
  out.thread = thread.tracee.tid();
  if (!thread.scopes.empty())
    out.phase = thread.scopes.back().phase;
  for (auto scope = thread.scopes.rbegin(); scope != thread.scopes.rend() && out.module.empty(); ++scope)
    out.module = scope->module;
  out.what = std::move(what);
  recorder.put(std::move(out), std::move(layout), std::move(stack));
}

} // namespace initorder
