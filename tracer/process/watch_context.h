// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the parts of the watcher share: the packs' side of the matter, and where records go.
#pragma once

#include "rules/packs.h"
#include "rules/probes.h"
#include "tracer/elf/object.h"
#include "tracer/process/process.h"
#include "tracer/process/recorder.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder {

struct WatchContext {
  const Packs &packs;
  Recorder &recorder;
  const HostPack *host = nullptr;      ///< null: no host is known (yet)
  std::vector<Probe> probes;           ///< of the packs; once the host is known, those with its functions behind them
  std::uint32_t first_probe = 0;       ///< from here on they are for programs that begin now
  std::vector<std::string> phase_functions; ///< that open a phase of the host, each once
  /// Calls of one function that one process records, if its pack gives no other number. More of them is a steady state.
  unsigned most_calls = 256;
  elf::ObjectCache objects;

  /// From here on `host` gives phases, modules and functions their meaning.
  void choose(const HostPack &chosen);

  /// Records `what` as done by this thread, in its innermost phase and module.
  void record(const Thread &thread, decltype(trace::Record::what) what,
              std::shared_ptr<const elf::Layout> layout = nullptr, std::optional<StackCopy> stack = std::nullopt);
  void remark(const Thread &thread, std::string text) { record(thread, trace::Remarked{std::move(text)}); }
};

} // namespace initorder
