// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One list of each structure's members serves both directions.
#include "tracer/process/record_bytes.h"

#include <chrono>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

namespace initorder {
namespace {

using namespace trace;

template <class Do> void members(Do &go, SourcePlace &in) { go(in.file, in.line, in.column); }
template <class Do> void members(Do &go, Frame &in) { go(in.object, in.offset, in.function, in.into, in.source); }
template <class Do> void members(Do &go, Value &in) { go(in.name, in.number, in.memory, in.function, in.text); }
template <class Do> void members(Do &go, Began &in) { go(in.version, in.started, in.command, in.host, in.machine, in.system); }
template <class Do> void members(Do &go, ProcessStarted &in) { go(in.how, in.pid, in.parent, in.parent_thread, in.by_host); }
template <class Do> void members(Do &go, ProcessNamed &in) { go(in.name); }
template <class Do> void members(Do &go, ProcessExecuted &in) { go(in.program); }
template <class Do> void members(Do &go, ProcessEnded &in) { go(in.status, in.signal); }
template <class Do> void members(Do &go, ThreadStarted &in) { go(in.started); }
template <class Do> void members(Do &, ThreadEnded &) {}
template <class Do> void members(Do &go, ObjectLoaded &in) { go(in.object, in.build_id, in.base); }
template <class Do> void members(Do &go, ObjectUnloaded &in) { go(in.object); }
template <class Do> void members(Do &go, PhaseBegan &in) { go(in.phase, in.function); }
template <class Do> void members(Do &go, PhaseEnded &in) { go(in.phase); }
template <class Do> void members(Do &go, EntryBegan &in) { go(in.module, in.phase, in.entry, in.arguments); }
template <class Do> void members(Do &go, EntryEnded &in) { go(in.module, in.entry, in.result); }
template <class Do> void members(Do &go, Called &in) { go(in.call, in.function, in.library, in.effects, in.arguments, in.stack); }
template <class Do> void members(Do &go, Returned &in) { go(in.call, in.result, in.outputs); }
template <class Do> void members(Do &go, SignalReceived &in) { go(in.signal); }
template <class Do> void members(Do &go, BudgetSpent &in) { go(in.function, in.library, in.calls, in.in_children); }
template <class Do> void members(Do &go, Remarked &in) { go(in.text); }
template <class Do> void members(Do &, CameUp &) {}
template <class Do> void members(Do &go, Finished &in) { go(in.why); }

template <class T> constexpr bool kIsPlain = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Writer {
public:
  explicit Writer(std::string &out) : out_(out) {}
  template <class... Ts> void operator()(Ts &...each) { (put(each), ...); }

private:
  template <class T> void put(T &value) {
    if constexpr (kIsPlain<T>)
      out_.append(reinterpret_cast<const char *>(&value), sizeof value);
    else
      members(*this, value);
  }
  void put(std::string &text) {
    std::size_t size = text.size();
    put(size);
    out_ += text;
  }
  template <class T> void put(std::vector<T> &list) {
    std::size_t size = list.size();
    put(size);
    for (T &each : list)
      put(each);
  }
  template <class T> void put(std::optional<T> &value) {
    bool is_there = value.has_value();
    put(is_there);
    if (value)
      put(*value);
  }
  std::string &out_;
};

class Reader {
public:
  explicit Reader(std::string_view in) : in_(in) {}
  template <class... Ts> void operator()(Ts &...each) { (get(each), ...); }
  bool is_whole() const { return !failed_ && in_.empty(); }
  bool failed() const { return failed_; }

private:
  std::string_view take(std::size_t size) {
    failed_ |= size > in_.size();
    const std::string_view out = in_.substr(0, failed_ ? 0 : size);
    in_.remove_prefix(out.size());
    return out;
  }
  template <class T> void get(T &value) {
    if constexpr (!kIsPlain<T>)
      members(*this, value);
    else if (const std::string_view bytes = take(sizeof value); bytes.size() == sizeof value)
      std::memcpy(&value, bytes.data(), sizeof value);
  }
  void get(std::string &text) {
    std::size_t size = 0;
    get(size);
    text = take(size);
  }
  template <class T> void get(std::vector<T> &list) {
    std::size_t size = 0;
    get(size);
    while (size-- > 0 && !failed_)
      get(list.emplace_back());
  }
  template <class T> void get(std::optional<T> &value) {
    bool is_there = false;
    get(is_there);
    if (is_there)
      get(value.emplace());
  }
  std::string_view in_;
  bool failed_ = false;
};

template <class Variant, std::size_t... Is> void choose(Variant &what, std::size_t index, std::index_sequence<Is...>) {
  ((index == Is ? void(what.template emplace<Is>()) : void()), ...);
}

template <class Do> void members_of_all(Do &go, Record &in, std::int64_t &at) {
  go(in.number, at, in.process, in.thread, in.phase, in.module);
}

} // namespace

void append_bytes(std::string &out, const trace::Record &record) {
  // The lists of members are for both directions: this one changes nothing.
  Record &in = const_cast<Record &>(record);
  Writer writer(out);
  std::int64_t at = in.at.count();
  std::size_t index = in.what.index();
  members_of_all(writer, in, at);
  writer(index);
  std::visit([&](auto &what) { members(writer, what); }, in.what);
}

std::optional<trace::Record> record_of_bytes(std::string_view bytes) {
  Record out;
  Reader reader(bytes);
  std::int64_t at = 0;
  std::size_t index = 0;
  members_of_all(reader, out, at);
  reader(index);
  if (reader.failed() || index >= std::variant_size_v<decltype(out.what)>)
    return std::nullopt;
  out.at = std::chrono::nanoseconds(at);
  choose(out.what, index, std::make_index_sequence<std::variant_size_v<decltype(out.what)>>());
  std::visit([&](auto &what) { members(reader, what); }, out.what);
  return reader.is_whole() ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace initorder
