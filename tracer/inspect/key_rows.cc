// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/judge.h"

#include <algorithm>
#include <map>

namespace initorder::inspect {
namespace {

const Thread *first_thread(const Process &process) {
  const auto found = std::ranges::find(process.threads, true, &Thread::is_first);
  return found == process.threads.end() || found->descriptor == 0 ? nullptr : &*found;
}

bool has(const Process &process, const Key &key) {
  return std::ranges::any_of(process.keys, [&](const Key &other) { return same_key(key, other); });
}

const HeldValue *held_by(const Process &process, const Key &key) {
  const Thread *thread = first_thread(process);
  // A worker may have given the number back, and another library have taken it.
  if (!thread || !has(process, key))
    return nullptr;
  const auto found = std::ranges::find(thread->values, key.number, &HeldValue::key);
  return found == thread->values.end() ? nullptr : &*found;
}

void fill(KeyRow &row, const Family &family) {
  std::map<SharedPlace, std::vector<const Process *>> by_place;
  std::map<SharedPlace, const HeldValue *> values;
  const auto main = std::ranges::find(family.processes, true, &Process::is_main);
  const bool main_has = main != family.processes.end() && held_by(*main, row.key);
  for (const Process &process : family.processes) {
    if (const HeldValue *held = held_by(process, row.key)) {
      row.holders.push_back(&process);
      if (held->shared) {
        by_place[*held->shared].push_back(&process);
        values[*held->shared] = held;
      }
    } else if (main_has && first_thread(process) && has(process, row.key)) {
      row.without.push_back(&process);
    }
    if (has(process, row.key) && std::ranges::find(process.robbed_of, row.key.number) != process.robbed_of.end())
      row.robbed.push_back(&process);
  }
  for (auto &[place, processes] : by_place)
    if (processes.size() > std::max<std::size_t>(1, row.sharers.size())) {
      row.sharers = processes;
      row.shared = values[place];
    }
}

} // namespace

std::vector<KeyRow> key_rows(const Family &family) {
  std::vector<KeyRow> rows;
  for (const Process &process : family.processes)
    for (const Key &key : process.keys) {
      const auto known = std::ranges::find_if(rows, [&](const KeyRow &row) { return same_key(row.key, key); });
      if (known == rows.end())
        rows.push_back({.key = key});
      else if (known->key.name.empty() && !key.name.empty())
        known->key = key; // one process's value told whose it is
    }
  std::ranges::stable_sort(rows, {}, [](const KeyRow &row) { return row.key.number; });
  for (KeyRow &row : rows)
    fill(row, family);
  return rows;
}

} // namespace initorder::inspect
