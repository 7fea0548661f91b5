// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"
#include "reports/inspect/inspect_report.h"
#include "reports/table.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

namespace initorder::inspect {
namespace {

std::string count(std::size_t processes) {
  return processes == 1 ? "1 process" : fmt::format("{} processes", processes);
}

std::string memory_of(const KeyRow &row) {
  if (row.shared)
    return "shared memory";
  for (const Process *process : row.holders)
    for (const Thread &thread : process->threads)
      for (const HeldValue &held : thread.values)
        if (held.key == row.key.number && thread.is_first)
          switch (held.memory) {
          case Memory::none:
          case Memory::unmapped:
            return "no memory";
          case Memory::heap:
            return "own memory";
          case Memory::stack:
            return "a stack";
          case Memory::data:
            return "a library's data";
          case Memory::shared:
            return row.holders.size() == 1 ? "shared memory" : "shared memory, one each";
          case Memory::unknown:
            return "cannot tell";
          }
  return "";
}

std::string holders_of(const KeyRow &row) {
  if (row.holders.empty())
    return "nobody";
  std::string text = count(row.holders.size());
  if (!row.sharers.empty())
    text += fmt::format(", {} share one", row.sharers.size());
  if (!row.robbed.empty())
    text += fmt::format("; {} lost theirs", row.robbed.size());
  else if (!row.without.empty())
    text += fmt::format("; {} without", row.without.size());
  return text;
}

std::string destructor_of(const Key &key) {
  if (!key.destructor)
    return "";
  return key.destructor->function.empty() ? trace::place_of(*key.destructor).file : key.destructor->function;
}

} // namespace

void write_keys(const InspectReport &report, Page &page) {
  if (report.keys.empty())
    return;
  std::vector<std::vector<std::string>> rows{{"key", "owner", "what it is", "held by", "value in", "destructor"}};
  for (const KeyRow &row : report.keys)
    rows.push_back({std::to_string(row.key.number), row.key.object.empty() ? "cannot tell" : row.key.object,
                    row.key.name.empty() && !row.key.library.empty() ? "a value of its own" : row.key.name,
                    holders_of(row), memory_of(row), destructor_of(row.key)});
  page.line(page.paint(Ink::bold, "thread-specific keys, in order of creation; values of first threads"));
  write_table(std::move(rows), page);
  page.line();
}

} // namespace initorder::inspect
