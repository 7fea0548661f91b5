// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One record of each kind, with all that it can hold, and one with nothing.
#pragma once

#include "tests/trace/timeline.h"

#include <cstdint>
#include <limits>

namespace initorder::trace {

inline std::vector<Record> every_kind() {
  const Frame frame{.object = "/usr/lib/tls.so",
                    .offset = 0x1a2b,
                    .function = "mod_init",
                    .into = 11,
                    .source = {"tls_mod.c", 12, 3}};
  const Frame generated{.offset = std::numeric_limits<std::uint64_t>::max()};
  const std::vector<Value> values{
      {.name = "key", .number = -1},
      {.name = "value", .number = std::numeric_limits<std::int64_t>::min(), .memory = Memory::shared},
      {.name = "destructor", .number = 1, .memory = Memory::data, .function = frame},
      {.name = "text", .number = 2, .memory = Memory::unknown, .text = "say \"hello\"\n\x7f and more…"}};
  Timeline timeline;
  timeline.phase("mod-init").entry("tls", "mod_init", {-127, std::numeric_limits<std::int64_t>::max()});
  timeline.calls("pthread_key_create", "pthread", {"tsd.key.create"}).from({frame, generated});
  for (const Value &value : values)
    timeline.with(value);
  timeline.returns(0, values).returns(std::nullopt);
  timeline.calls("", "", {}).entry_ends("mod_init", -1).phase_ends();
  timeline.add(EntryEnded{"tls", "mod_init", std::nullopt});
  for (const Memory memory : {Memory::none, Memory::unmapped, Memory::heap, Memory::stack})
    timeline.add(Returned{CallNumber{7}, 1, {{.name = "p", .memory = memory}}});
  for (const auto how : {ProcessStarted::How::vforked, ProcessStarted::How::cloned, ProcessStarted::How::attached})
    timeline.add(ProcessStarted{how, 4194304, ProcessNumber{4294967295}, 2147483647, true});
  timeline.forks_worker(ProcessNumber{1}).starts_thread();
  timeline.add(ThreadEnded{}).add(ProcessNamed{"udp receiver child=1"}).add(ProcessExecuted{"/bin/true"});
  timeline.add(ProcessEnded{.status = 255}).add(ProcessEnded{.signal = 9}).add(ProcessEnded{});
  timeline.add(ObjectLoaded{"/usr/lib/tls.so", "0123abcd", 0x7f0000000000}).add(ObjectLoaded{"", "", 0});
  timeline.add(ObjectUnloaded{"/usr/lib/tls.so"}).add(SignalReceived{17}).add(Remarked{"no more than 64 calls"});
  timeline.add(BudgetSpent{"ERR_clear_error", "openssl", 32, true}).add(BudgetSpent{"", "", 0, false});
  timeline.add(CameUp{}).add(Finished{Finished::Why::all_ended});
  timeline.add(Finished{Finished::Why::detached}).add(Finished{Finished::Why::interrupted});
  return timeline.records();
}

} // namespace initorder::trace
