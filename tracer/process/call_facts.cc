// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/call_facts.h"

#include <algorithm>

namespace initorder {

static bool passes(const ArgumentTest &test, std::span<const std::uint64_t> arguments) {
  if (test.argument >= arguments.size())
    return true;
  const std::uint64_t value = arguments[test.argument];
  const auto is = [value](std::int64_t wanted) {
    // An int in a 64-bit register: what stands above it is not defined.
    return static_cast<std::uint64_t>(wanted) == value || (wanted < 0 && static_cast<std::int32_t>(value) == wanted);
  };
  return (test.is.empty() || std::any_of(test.is.begin(), test.is.end(), is)) &&
         std::none_of(test.is_not.begin(), test.is_not.end(), is);
}

unsigned argument_count(const Probe &probe) {
  auto count = static_cast<unsigned>(probe.function->trace.arguments.size());
  for (const Probe::Effect &effect : probe.effects)
    for (const ArgumentTest &test : effect.effect->when)
      count = std::max(count, test.argument + 1);
  return count;
}

std::vector<std::string> effects_of(const Probe &probe, std::span<const std::uint64_t> arguments) {
  std::vector<std::string> out;
  for (const Probe::Effect &seen : probe.effects)
    if (const CallEffect &effect = *seen.effect;
        std::all_of(effect.when.begin(), effect.when.end(), [&](const auto &test) { return passes(test, arguments); }))
      out.push_back(effect.effect);
  return out;
}

bool has_result(const LibraryFunction &function) {
  return function.trace.result || function.success || function.resource;
}

} // namespace initorder
