// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The start-up phase by phase. A phase that is opened again and again (once for each module, once for each worker) is
// one row, and what its modules did is told once, with how often.
#include "reports/describe.h"
#include "reports/trace/trace_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace initorder::trace {
namespace {

/// One module's entry within a phase: what it called, in order of first time.
struct Turn {
  std::string module;
  std::string entry; ///< "mod_init"; empty: no entry of a module
  unsigned times = 0;
  std::vector<std::pair<std::string, unsigned>> calls;
};

struct Row {
  std::string phase;
  bool in_worker = false;
  std::chrono::nanoseconds began{0};
  std::chrono::nanoseconds took{0};
  unsigned times = 0;
  std::vector<Turn> turns;
};

template <class T, class Is> T &find_or_add(std::vector<T> &list, Is is, T fresh) {
  constexpr std::size_t most = 1000; // a forged trace may have a phase for each record: then the last one takes it all
  const auto found = std::ranges::find_if(list, is);
  if (found == list.end() && list.size() >= most)
    return list.back();
  return found != list.end() ? *found : list.emplace_back(std::move(fresh));
}

class Rows {
public:
  Rows(const std::vector<Record> &records, const Processes &processes) : processes_(processes) {
    for (const Record &record : records)
      if (processes.counts(record))
        add(record);
  }
  std::vector<Row> rows;

private:
  using Key = std::tuple<ProcessNumber, std::int32_t, std::string>;

  Row &row(const Record &record, const std::string &phase) {
    const bool in_worker = processes_.find(record.process)->role == Process::Role::worker;
    return find_or_add(
        rows, [&](const Row &row) { return row.phase == phase && row.in_worker == in_worker; },
        Row{phase, in_worker, record.at, {}, 0, {}});
  }
  static Turn &turn(Row &row, const std::string &module, const std::string &entry) {
    return find_or_add(
        row.turns, [&](const Turn &turn) { return turn.module == module && turn.entry == entry; },
        Turn{module, entry, 0, {}});
  }
  void add(const Record &record) {
    if (const auto *began = std::get_if<PhaseBegan>(&record.what)) {
      ++row(record, began->phase).times;
      open_[{record.process, record.thread, began->phase}] = record.at;
    } else if (const auto *ended = std::get_if<PhaseEnded>(&record.what)) {
      const auto open = open_.find({record.process, record.thread, ended->phase});
      if (open == open_.end())
        return; // the parent opened it before it forked
      row(record, ended->phase).took += record.at - open->second;
      open_.erase(open);
    } else if (const auto *entry = std::get_if<EntryBegan>(&record.what)) {
      ++turn(row(record, entry->phase.empty() ? record.phase : entry->phase), entry->module, entry->entry).times;
      entries_[{record.process, record.thread}] = entry;
    } else if (std::holds_alternative<EntryEnded>(record.what)) {
      entries_.erase({record.process, record.thread});
    } else if (const auto *called = std::get_if<Called>(&record.what)) {
      add_call(record, *called);
    }
  }
  void add_call(const Record &record, const Called &called) {
    if (record.phase.empty())
      return;
    const auto entry = entries_.find({record.process, record.thread});
    Turn &turn = this->turn(row(record, record.phase), record.module.empty() ? "core" : record.module,
                            entry == entries_.end() || record.module.empty() ? "" : entry->second->entry);
    ++find_or_add(
          turn.calls, [&](const auto &call) { return call.first == called.function; }, std::pair(called.function, 0u))
          .second;
  }

  const Processes &processes_;
  std::map<Key, std::chrono::nanoseconds> open_;
  std::map<std::pair<ProcessNumber, std::int32_t>, const EntryBegan *> entries_;
};

std::string times(unsigned count) {
  return count > 1 ? fmt::format(" ×{}", count) : "";
}

} // namespace

void write_phases(const TraceReport &trace, Page &page) {
  const Rows rows(trace.records, trace.verdict.processes);
  if (rows.rows.empty())
    return;
  page.line(page.paint(Ink::bold, "phases"));
  for (const Row &row : rows.rows) {
    if (row.phase.empty() && std::ranges::all_of(row.turns, [](const Turn &turn) { return turn.calls.empty(); }))
      continue; // constructors of what the program itself links
    const std::string phase = row.phase.empty() ? "(none)" : printable(row.phase);
    page.line(fmt::format("  {:>9}  {}{}{}{}", describe(row.began), page.paint(Ink::cyan, phase), times(row.times),
                          row.in_worker ? ", in workers" : "", row.took.count() == 0 ? "" : ": " + describe(row.took)));
    std::string silent; // modules that called nothing of interest, in one line
    for (const Turn &turn : row.turns) {
      if (turn.calls.empty()) {
        silent += (silent.empty() ? "" : ", ") + turn.module + times(turn.times);
        continue;
      }
      std::string calls;
      for (const auto &[call, count] : turn.calls)
        calls += (calls.empty() ? "" : ", ") + call + times(count);
      const std::string who = turn.entry.empty() ? turn.module : turn.module + " " + turn.entry + times(turn.times);
      page.hang(fmt::format("             {}: ", printable(who)), 15, calls);
    }
    if (!silent.empty())
      page.hang("             nothing of interest: ", 15, silent);
  }
  page.line();
}

} // namespace initorder::trace
