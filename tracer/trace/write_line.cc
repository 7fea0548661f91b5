// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/record_line.h"
#include "tracer/trace/words.h"

#include <nlohmann/json.hpp>

namespace initorder::trace {
namespace {

using Json = nlohmann::ordered_json;

/// Adds a member unless it has its usual value.
template <class T> void put(Json &out, const char *name, const T &value, const T &usual = T()) {
  if (value != usual)
    out[name] = value;
}
template <class T> void put(Json &out, const char *name, const std::optional<T> &value) {
  if (value)
    out[name] = *value;
}

Json json_of(const Frame &frame) {
  Json out = Json::object();
  put(out, "object", frame.object);
  out["offset"] = frame.offset;
  put(out, "function", frame.function);
  put(out, "into", frame.into);
  put(out, "file", frame.source.file);
  put(out, "line", frame.source.line);
  put(out, "column", frame.source.column);
  return out;
}

Json json_of(const Value &value) {
  Json out = {{"name", value.name}, {"number", value.number}};
  if (value.memory)
    out["memory"] = word_of(*value.memory);
  if (value.function)
    out["function"] = json_of(*value.function);
  put(out, "text", value.text);
  return out;
}

template <class T> void put_list(Json &out, const char *name, const std::vector<T> &values) {
  if (values.empty())
    return;
  Json &list = out[name] = Json::array();
  for (const T &value : values)
    list.push_back(json_of(value));
}

void add(Json &out, const Began &began) {
  out["kind"] = "began";
  put(out, "version", began.version);
  put(out, "started", began.started);
  out["command"] = began.command;
  put(out, "host", began.host);
  put(out, "machine", began.machine);
  put(out, "system", began.system);
}
void add(Json &out, const ProcessStarted &started) {
  out["kind"] = "process-started";
  out["how"] = word_of(started.how);
  out["pid"] = started.pid;
  if (started.parent)
    out["parent"] = static_cast<std::uint32_t>(*started.parent);
  put(out, "parent-thread", started.parent_thread);
  put(out, "by-host", started.by_host);
}
void add(Json &out, const ProcessNamed &named) {
  out["kind"] = "process-named";
  out["name"] = named.name;
}
void add(Json &out, const ProcessExecuted &executed) {
  out["kind"] = "process-executed";
  out["program"] = executed.program;
}
void add(Json &out, const ProcessEnded &ended) {
  out["kind"] = "process-ended";
  put(out, "status", ended.status);
  put(out, "signal", ended.signal);
}
void add(Json &out, const ThreadStarted &started) {
  out["kind"] = "thread-started";
  out["started"] = started.started;
}
void add(Json &out, const ThreadEnded &) {
  out["kind"] = "thread-ended";
}
void add(Json &out, const ObjectLoaded &loaded) {
  out["kind"] = "object-loaded";
  out["object"] = loaded.object;
  put(out, "build-id", loaded.build_id);
  put(out, "base", loaded.base);
}
void add(Json &out, const ObjectUnloaded &unloaded) {
  out["kind"] = "object-unloaded";
  out["object"] = unloaded.object;
}
// What begins or ends may be another one than that in which the record stands: "opens" beside "phase".
void add(Json &out, const PhaseBegan &began) {
  out["kind"] = "phase-began";
  out["opens"] = began.phase;
  put(out, "function", began.function);
}
void add(Json &out, const PhaseEnded &ended) {
  out["kind"] = "phase-ended";
  out["closes"] = ended.phase;
}
void add(Json &out, const EntryBegan &began) {
  out["kind"] = "entry-began";
  out["of"] = began.module;
  put(out, "in", began.phase);
  out["entry"] = began.entry;
  put(out, "arguments", began.arguments);
}
void add(Json &out, const EntryEnded &ended) {
  out["kind"] = "entry-ended";
  out["of"] = ended.module;
  out["entry"] = ended.entry;
  put(out, "result", ended.result);
}
void add(Json &out, const Called &called) {
  out["kind"] = "called";
  out["call"] = static_cast<std::uint64_t>(called.call);
  out["function"] = called.function;
  out["library"] = called.library;
  put(out, "effects", called.effects);
  put_list(out, "arguments", called.arguments);
  put_list(out, "stack", called.stack);
}
void add(Json &out, const Returned &returned) {
  out["kind"] = "returned";
  out["call"] = static_cast<std::uint64_t>(returned.call);
  put(out, "result", returned.result);
  put_list(out, "outputs", returned.outputs);
}
void add(Json &out, const SignalReceived &received) {
  out["kind"] = "signal-received";
  out["signal"] = received.signal;
}
void add(Json &out, const BudgetSpent &spent) {
  out["kind"] = "budget-spent";
  out["function"] = spent.function;
  out["library"] = spent.library;
  out["calls"] = spent.calls;
  out["in-children"] = spent.in_children;
}
void add(Json &out, const Remarked &remarked) {
  out["kind"] = "remarked";
  out["text"] = remarked.text;
}
void add(Json &out, const CameUp &) {
  out["kind"] = "came-up";
}
void add(Json &out, const Finished &finished) {
  out["kind"] = "finished";
  out["why"] = word_of(finished.why);
}

} // namespace

std::string line_of(const Record &record) {
  Json out = Json::object();
  if (std::holds_alternative<Began>(record.what))
    out["initorder-trace"] = kSchema; // first of all, for whoever looks at the file's first bytes
  out["n"] = record.number;
  out["at-ns"] = record.at.count();
  out["process"] = static_cast<std::uint32_t>(record.process);
  out["thread"] = record.thread;
  put(out, "phase", record.phase);
  put(out, "module", record.module);
  std::visit([&](const auto &what) { add(out, what); }, record.what);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace initorder::trace
