// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The members that only inspect's reports have: "servers", each with its processes and keys.
#include "reports/inspect/inspect_report.h"
#include "reports/json_output.h"
#include "tracer/inspect/order.h"
#include "tracer/trace/objects.h"
#include "tracer/trace/words.h"

#include <fmt/format.h>

namespace initorder::inspect {
namespace {

double in_ms(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

Json json_of(const Frame &frame) {
  Json out = {{"object", frame.object}, {"offset", frame.offset}};
  if (!frame.function.empty())
    out["function"] = frame.function;
  return out;
}

Json json_of(const SharedPlace &place) {
  return {{"mapping", place.name}, {"device", place.device}, {"inode", place.inode}, {"offset", place.offset}};
}

Json json_of(const std::vector<Frame> &frames) {
  Json out = Json::array();
  for (const Frame &frame : frames)
    out.push_back(json_of(frame));
  return out;
}

std::string_view word_of(Wait::Owner owner) {
  switch (owner) {
  case Wait::Owner::unknown:
    return "cannot-tell";
  case Wait::Owner::here:
    return "here";
  case Wait::Owner::other_process:
    return "other-process";
  case Wait::Owner::nowhere:
    return "nowhere";
  }
  return "";
}

Json json_of(const Wait &wait) {
  Json out = {{"address", fmt::format("{:#x}", wait.address)},
              {"memory", trace::word_of(wait.memory)},
              {"in", wait.in}};
  if (wait.shared)
    out["shared"] = json_of(*wait.shared);
  if (!wait.lock.empty())
    out["lock"] = wait.lock;
  if (wait.is_mutex)
    out["process_shared"] = wait.process_shared;
  if (wait.is_mutex || !wait.lock.empty()) {
    out["owner"] = wait.owner;
    out["owner_is"] = word_of(wait.owner_is);
  }
  return out;
}

Json json_of(const Thread &thread) {
  Json values = Json::array();
  for (const HeldValue &held : thread.values) {
    Json value = {{"key", held.key},
                  {"value", fmt::format("{:#x}", held.value)},
                  {"memory", trace::word_of(held.memory)}};
    if (held.shared)
      value["shared"] = json_of(*held.shared);
    values.push_back(std::move(value));
  }
  Json out = {{"tid", thread.tid}, {"name", thread.name}, {"values", std::move(values)}};
  if (thread.routine)
    out["routine"] = json_of(*thread.routine);
  if (!thread.stack.empty())
    out["stack"] = json_of(thread.stack);
  if (thread.wait)
    out["wait"] = json_of(*thread.wait);
  return out;
}

Json json_of(const std::vector<Handler> &handlers, bool known) {
  if (!known)
    return nullptr; // cannot tell: an empty list would say that there are none
  Json out = Json::array();
  for (const Handler &handler : handlers)
    out.push_back({{"when", handler.when}, {"function", json_of(handler.function)}, {"object", handler.object}});
  return out;
}

Json json_of(const Process &process) {
  Json threads = Json::array(), objects = Json::array();
  for (const Thread &thread : process.threads)
    threads.push_back(json_of(thread));
  for (const LoadedObject &object : process.objects)
    objects.push_back({{"path", object.path},
                       {"build_id", object.build_id},
                       {"base", fmt::format("{:#x}", object.base)},
                       {"needed_by", object.needed_by}});
  Json out = {{"pid", process.pid},
              {"role", process.is_main ? "main" : "worker"},
              {"parent", process.parent},
              {"name", process.name},
              {"threads", std::move(threads)},
              {"objects", std::move(objects)},
              {"fork_handlers", json_of(process.fork_handlers, process.fork_handlers_known)},
              {"exit_handlers", json_of(process.exit_handlers, process.exit_handlers_known)},
              {"cannot_tell", process.cannot_tell}};
  if (process.stopped.count() > 0)
    out["stopped_ms"] = in_ms(process.stopped);
  if (!process.core.empty())
    out["core"] = process.core;
  return out;
}

std::string_view word_of(OrderStep::Kind kind) {
  switch (kind) {
  case OrderStep::Kind::load:
    return "load";
  case OrderStep::Kind::key:
    return "key";
  case OrderStep::Kind::fork_handler:
    return "fork-handler";
  case OrderStep::Kind::exit_handler:
    return "exit-handler";
  }
  return "";
}

Json json_of(const InitOrder &order) {
  Json steps = Json::array();
  for (const OrderStep &step : order.steps)
    steps.push_back({{"kind", word_of(step.kind)},
                     {"number", step.number},
                     {"what", step.what},
                     {"owner", step.owner},
                     {"not_before", step.not_before}});
  return {{"steps", std::move(steps)}, {"cannot_tell", order.cannot_tell}};
}

Json pids_of(const std::vector<const Process *> &processes) {
  Json out = Json::array();
  for (const Process *process : processes)
    out.push_back(process->pid);
  return out;
}

Json json_of(const KeyRow &row) {
  Json out = {{"key", row.key.number},
              {"owner", row.key.object},
              {"library", row.key.library},
              {"name", row.key.name},
              {"holders", pids_of(row.holders)},
              {"sharers", pids_of(row.sharers)},
              {"without", pids_of(row.without)}};
  if (row.key.destructor)
    out["destructor"] = json_of(*row.key.destructor);
  return out;
}

Json json_of(const SharedConnection &connection) {
  return {{"local", connection.local},     {"remote", connection.remote},   {"descriptor", connection.descriptor},
          {"inode", connection.inode},     {"holders", connection.holders}, {"sure", connection.sure}};
}

Json json_of(const InspectReport &report) {
  Json processes = Json::array(), keys = Json::array(), stuck = Json::array(), connections = Json::array();
  for (const SharedConnection &connection : report.family.connections)
    connections.push_back(json_of(connection));
  for (const Process &process : report.family.processes)
    processes.push_back(json_of(process));
  for (const KeyRow &row : report.keys)
    keys.push_back(json_of(row));
  for (const StuckGroup &group : report.stuck)
    stuck.push_back({{"what", group.what},
                     {"where", group.where},
                     {"because", group.because},
                     {"processes", pids_of(group.processes)}});
  Json out = {{"program", report.family.program},
          {"host", report.family.host},
          {"took_ms", in_ms(report.family.took)},
          {"keys", std::move(keys)},
          {"stuck", std::move(stuck)},
          {"connections", std::move(connections)},
          {"init_order", json_of(init_order(report.family.processes.front()))},
          {"processes", std::move(processes)},
          {"remarks", report.family.remarks}};
  if (const auto times = stop_times(report.family))
    out["stopped"] = {{"processes", times->processes}, {"worst_ms", in_ms(times->worst)}, {"median_ms", in_ms(times->median)}};
  return out;
}

} // namespace

Report report_of(const std::vector<InspectReport> &servers, std::vector<Check> checks, const std::string &version) {
  Report out;
  out.version = version;
  out.root = std::string("/"); // GCC 12 warns of a plain literal here
  out.observed = true;
  out.checks = std::move(checks);
  Json list = Json::array();
  for (const InspectReport &server : servers) {
    if (server.host) {
      out.host = server.host->title;
      out.host_name = server.host->name;
    }
    for (const Process &process : server.family.processes)
      for (const std::string &text : process.cannot_tell)
        out.caveats.push_back({Caveat::Kind::cannot_tell, {fmt::format("process {}", process.pid)}, text});
    for (const std::string &text : server.family.remarks)
      out.caveats.push_back({Caveat::Kind::cannot_tell, {}, text});
    out.findings.insert(out.findings.end(), server.findings.begin(), server.findings.end());
    out.took += std::chrono::duration_cast<std::chrono::milliseconds>(server.family.took);
    list.push_back(json_of(server));
  }
  out.more.emplace_back("inspect_schema", "\"initorder-inspect/1\"");
  out.more.emplace_back("servers", text_of(list));
  return out;
}

} // namespace initorder::inspect
