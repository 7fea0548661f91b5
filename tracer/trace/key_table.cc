// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/key_table.h"

#include "tracer/trace/calls.h"
#include "tracer/trace/objects.h"
#include "tracer/trace/resources.h"
#include "tracer/trace/site.h"
#include "tracer/trace/where.h"

#include <algorithm>
#include <ranges>

namespace initorder::trace {
namespace {

constexpr std::size_t kMostKeys = 1024;      ///< PTHREAD_KEYS_MAX
constexpr std::size_t kMostProcesses = 4096; ///< that are looked at for each key: a forged file may have millions

/// What a thread holds under a key from some time on.
struct Held {
  std::uint64_t time;
  std::int64_t value; ///< 0: nothing
  bool shared;        ///< it points into memory that other processes see
};

class Builder {
public:
  Builder(const std::vector<Record> &records, const Processes &processes, const HostPack &host,
          const std::vector<LibraryPack> &libraries)
      : processes_(processes), libraries_(libraries), calls_(records, host, libraries), wheres_(records, host),
        resources_(processes) {}

  KeyTable build() {
    for (const Call &call : calls_.all()) {
      if (call.failed || !call.function || !processes_.counts(*call.record))
        continue;
      if (call.has("tsd.key.create"))
        create(call);
      else if (call.has("tsd.key.delete"))
        remove(call);
      else if (call.has("tsd.set") || call.has("tsd.clear"))
        set(call);
    }
    for (std::size_t row = 0; row < table_.rows.size(); ++row)
      find_holders(row);
    return std::move(table_);
  }

private:
  using Thread = std::pair<ProcessNumber, std::int32_t>;

  void create(const Call &call) {
    const std::optional<std::int64_t> key =
        call.function->resource ? call.handle(*call.function->resource) : std::nullopt;
    if (!key)
      return;
    const std::uint64_t resource = resources_.open(call.record->process, "tsd", *key, call.record->number);
    if (table_.rows.size() >= kMostKeys) {
      ++table_.left_out;
      return;
    }
    row_of_[resource] = table_.rows.size();
    KeyRow row;
    row.number = *key;
    row.process = call.record->process;
    row.place.phase = wheres_.at(*call.record).phase;
    row.place.module = call.record->module.empty() ? "core" : call.record->module;
    if (const Site site = site_of(*call.called, calls_, libraries_); site.caller) {
      row.owner = base_name(site.caller->object);
      row.site = place_of(*site.caller);
      row.site_function = site.caller->function;
    }
    for (const Value &value : call.called->arguments)
      if (value.function && value.number != 0)
        row.destructor = value.function->function.empty() ? place_of(*value.function).file : value.function->function;
    table_.rows.push_back(std::move(row));
  }

  void remove(const Call &call) {
    const std::optional<std::int64_t> key =
        call.function->resource ? call.handle(*call.function->resource) : std::nullopt;
    const auto resource = key ? resources_.close(call.record->process, "tsd", *key, call.record->number) : std::nullopt;
    const auto row = resource ? row_of_.find(*resource) : row_of_.end();
    if (row == row_of_.end())
      return;
    table_.rows[row->second].deleted.push_back(call.record->process);
    deleted_.emplace(std::pair(call.record->process, row->second), call.record->number);
  }

  void set(const Call &call) {
    const std::optional<std::int64_t> key = call.function->uses ? call.handle(*call.function->uses) : std::nullopt;
    const auto resource = key ? resources_.find(call.record->process, "tsd", *key, call.record->number) : std::nullopt;
    const auto known = resource ? row_of_.find(*resource) : row_of_.end();
    if (known == row_of_.end())
      return;
    const auto value =
        std::ranges::find_if(call.called->arguments, [](const Value &one) { return one.memory.has_value(); });
    const bool is_known = value != call.called->arguments.end();
    const bool clears = call.has("tsd.clear");
    held_[{call.record->process, call.record->thread}][known->second].push_back(
        {call.record->number, clears || !is_known ? !clears : value->number,
         !clears && is_known && value->memory == Memory::shared});
    if (clears)
      clear(call, table_.rows[known->second]);
  }

  void clear(const Call &call, KeyRow &row) {
    const Site site = site_of(*call.called, calls_, libraries_);
    const std::string object(site.caller ? base_name(site.caller->object) : std::string_view());
    const SourcePlace place = site.caller ? place_of(*site.caller) : SourcePlace{};
    auto known = std::ranges::find(row.cleared, place, &KeyRow::Clearing::site);
    if (known == row.cleared.end() && row.cleared.size() >= kMostKeys)
      return;
    if (known == row.cleared.end())
      known = row.cleared.insert(known, {object, place, {}});
    if (known->processes.size() < kMostProcesses &&
        std::ranges::find(known->processes, call.record->process) == known->processes.end())
      known->processes.push_back(call.record->process);
  }

  /// What a process's first thread holds in the end: its own, or what it inherited from the thread that forked it.
  const Held *held_by(const Process &process, std::size_t row) const {
    constexpr int most_generations = 64;
    Thread thread{process.number, process.started.pid};
    std::uint64_t time = process.counts_until;
    const Process *at = &process;
    for (int generation = 0; at && generation < most_generations; ++generation) {
      if (const auto deleted = deleted_.find({at->number, row}); deleted != deleted_.end() && deleted->second < time)
        return nullptr;
      if (const auto keys = held_.find(thread); keys != held_.end())
        if (const auto changes = keys->second.find(row); changes != keys->second.end()) {
          const auto later = std::ranges::lower_bound(changes->second, time, {}, &Held::time);
          if (later != changes->second.begin())
            return &*std::prev(later);
        }
      if (!at->started.parent)
        break;
      time = at->appeared;
      thread = {*at->started.parent, at->started.parent_thread};
      at = processes_.find(*at->started.parent);
    }
    return nullptr;
  }

  void find_holders(std::size_t number) {
    KeyRow &row = table_.rows[number];
    std::map<std::int64_t, std::vector<ProcessNumber>> by_value;
    for (const auto &[process, known] : processes_.all | std::views::take(kMostProcesses)) {
      const Held *held = known.role == Process::Role::other ? nullptr : held_by(known, number);
      if (!held || held->value == 0)
        continue;
      row.holders.push_back(process);
      if (held->shared)
        by_value[held->value].push_back(process);
    }
    for (std::vector<ProcessNumber> &sharers : by_value | std::views::values)
      if (sharers.size() > std::max<std::size_t>(1, row.sharers.size()))
        row.sharers = std::move(sharers);
  }

  const Processes &processes_;
  const std::vector<LibraryPack> &libraries_;
  Calls calls_;
  Wheres wheres_;
  Resources resources_;
  KeyTable table_;
  std::map<std::uint64_t, std::size_t> row_of_; ///< by resource
  std::map<Thread, std::map<std::size_t, std::vector<Held>>> held_;
  std::map<std::pair<ProcessNumber, std::size_t>, std::uint64_t> deleted_; ///< process and row, and when
};

} // namespace

KeyTable key_table(const std::vector<Record> &records, const Processes &processes, const HostPack &host,
                   const std::vector<LibraryPack> &libraries) {
  return Builder(records, processes, host, libraries).build();
}

} // namespace initorder::trace
