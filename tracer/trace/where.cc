// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/where.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

namespace initorder::trace {

std::string describe(const EntryBegan &entry) {
  return fmt::format("{}({}) of {}", entry.entry, fmt::join(entry.arguments, ", "), entry.module);
}

Wheres::Wheres(const std::vector<Record> &records, const HostPack &host) {
  std::string first = host.phases.empty() ? "" : host.phases.front().id;
  std::map<ProcessNumber, std::string> last_phases;
  std::map<std::pair<ProcessNumber, std::int32_t>, std::vector<const EntryBegan *>> entries;
  std::map<std::tuple<ProcessNumber, std::int32_t, std::string>, std::string> openers;
  for (const Record &record : records) {
    const std::pair thread(record.process, record.thread);
    if (const auto *started = std::get_if<ProcessStarted>(&record.what)) {
      if (started->how == ProcessStarted::How::attached)
        first.clear(); // which phases are over is not known
      if (started->parent)
        if (const auto inherited = last_phases.find(*started->parent); inherited != last_phases.end())
          last_phases.insert_or_assign(record.process, inherited->second);
      if (!record.phase.empty())
        last_phases.insert_or_assign(record.process, record.phase);
    } else if (const auto *ended = std::get_if<PhaseEnded>(&record.what)) {
      last_phases.insert_or_assign(record.process, ended->phase);
    } else if (const auto *opened = std::get_if<PhaseBegan>(&record.what)) {
      openers.insert_or_assign({record.process, record.thread, opened->phase}, opened->function);
    } else if (const auto *began = std::get_if<EntryBegan>(&record.what)) {
      entries[thread].push_back(began);
    } else if (const auto *entry = std::get_if<EntryEnded>(&record.what)) {
      std::vector<const EntryBegan *> &open = entries[thread];
      const auto own = std::ranges::find_if(open.rbegin(), open.rend(), [&](const EntryBegan *one) {
        return one->module == entry->module && one->entry == entry->entry;
      });
      if (own != open.rend())
        open.erase(std::prev(own.base()), open.end()); // with those that it did not return through
    } else if (std::holds_alternative<Called>(record.what)) {
      const auto last = last_phases.find(record.process);
      const std::vector<const EntryBegan *> &open = entries[thread];
      Where where;
      where.phase = !record.phase.empty() ? record.phase : last != last_phases.end() ? last->second : first;
      if (const auto opener = openers.find({record.process, record.thread, record.phase}); opener != openers.end())
        where.opened_by = opener->second;
      if (!open.empty() && !record.module.empty())
        where.entry = open.back();
      by_number_.insert_or_assign(record.number, std::move(where));
    }
  }
}

} // namespace initorder::trace
