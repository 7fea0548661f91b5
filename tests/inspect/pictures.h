// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Families made by hand, and what the real packs say of them.
#pragma once

#include "tracer/inspect/judge.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace initorder::inspect {

inline const Packs &real_packs() {
  static const Packs packs = [] {
    auto loaded = load_packs(INITORDER_SOURCE_RULES);
    if (!loaded)
      throw std::runtime_error(loaded.error().text());
    return std::move(*loaded);
  }();
  return packs;
}

/// A main process (pid 1) and workers (2, 3 ...), each with one thread.
inline Family family_of(unsigned workers) {
  Family out{.program = "/usr/sbin/kamailio", .host = "kamailio"};
  for (unsigned i = 0; i <= workers; ++i) {
    Process process{.pid = static_cast<std::int32_t>(i) + 1, .name = "kamailio", .is_main = i == 0, .keys_known = true};
    process.threads.push_back({.tid = process.pid, .inner_tid = process.pid, .is_first = true, .descriptor = 0x7000});
    out.processes.push_back(std::move(process));
  }
  return out;
}

inline const Key kErrorQueue{.number = 3, .generation = 1, .library = "openssl", .name = "error queue", .object = "libcrypto.so.3"};
inline const Key kPython{.number = 4, .generation = 1, .library = "cpython", .name = "thread state", .mark = 16, .object = "libpython3.so"};
inline const Key kUnknown{.number = 0, .generation = 1};

inline void add_key(Family &family, const Key &key) {
  for (Process &process : family.processes)
    process.keys.push_back(key);
}

inline void hold(Process &process, const Key &key, HeldValue value) {
  value.key = key.number;
  process.threads.front().values.push_back(std::move(value));
}
inline HeldValue in_shared(std::uint64_t offset) {
  return {.value = 0x5000 + offset, .memory = Memory::shared, .shared = SharedPlace{1, 77, offset, "/dev/zero (deleted)"}};
}
inline HeldValue in_heap(std::uint64_t address) {
  return {.value = address, .memory = Memory::heap};
}

inline std::vector<std::string> rules_broken(const Family &family) {
  std::vector<std::string> out;
  for (const Finding &finding : judge_family(family, real_packs(), real_packs().checks))
    out.push_back(finding.rule);
  return out;
}

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

} // namespace initorder::inspect
