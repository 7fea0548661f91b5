// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// For node_exporter's textfile collector. https://prometheus.io/docs/instrumenting/exposition_formats/
#include "reports/inspect/inspect_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace initorder::inspect {
namespace {

/// A label's value: backslash, quote and newline are escaped; what is no UTF-8 has no place there.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '"')
      out += '\\';
    out += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  }
  return out;
}

std::string server_of(const InspectReport &report) {
  return fmt::format("server=\"{}\",pid=\"{}\"",
                     label(report.family.host.empty() ? report.family.program : report.family.host),
                     report.family.processes.front().pid);
}

class Metric {
public:
  Metric(std::ostream &out, const char *name, const char *help) : out_(out), name_(name) {
    out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << " gauge\n";
  }
  void add(const std::string &labels, double value) { out_ << fmt::format("{}{{{}}} {}\n", name_, labels, value); }

private:
  std::ostream &out_;
  const char *name_;
};

} // namespace

void write_metrics(const std::vector<InspectReport> &servers, std::ostream &out) {
  {
    Metric metric(out, "initorder_processes", "Processes of the server that were looked at.");
    for (const InspectReport &server : servers)
      metric.add(server_of(server), static_cast<double>(server.family.processes.size()));
  }
  {
    Metric metric(out, "initorder_shared_thread_state_processes",
                  "Processes that hold one and the same thread-specific value in shared memory.");
    for (const InspectReport &server : servers)
      for (const KeyRow &row : server.keys)
        if (!row.sharers.empty())
          metric.add(fmt::format("{},key=\"{}\",library=\"{}\",value=\"{}\"", server_of(server), row.key.number,
                                 label(row.key.library), label(row.key.name)),
                     static_cast<double>(row.sharers.size()));
  }
  {
    Metric metric(out, "initorder_stuck_processes", "Processes with a thread that waits for what cannot come.");
    for (const InspectReport &server : servers) {
      std::set<const Process *> stuck;
      for (const StuckGroup &group : server.stuck)
        if (!group.because.empty())
          stuck.insert(group.processes.begin(), group.processes.end());
      metric.add(server_of(server), static_cast<double>(stuck.size()));
    }
  }
  {
    Metric metric(out, "initorder_findings", "Findings by rule.");
    for (const InspectReport &server : servers) {
      std::map<std::string, unsigned> by_rule;
      for (const Finding &finding : server.findings)
        ++by_rule[finding.rule];
      for (const auto &[rule, count] : by_rule)
        metric.add(fmt::format("{},rule=\"{}\"", server_of(server), label(rule)), count);
    }
  }
  {
    Metric metric(out, "initorder_cannot_tell", "Things that could not be read.");
    for (const InspectReport &server : servers) {
      std::size_t count = server.family.remarks.size();
      for (const Process &process : server.family.processes)
        count += process.cannot_tell.size();
      metric.add(server_of(server), static_cast<double>(count));
    }
  }
  {
    Metric metric(out, "initorder_inspect_seconds", "How long the server was looked at.");
    for (const InspectReport &server : servers)
      metric.add(server_of(server), std::chrono::duration<double>(server.family.took).count());
  }
}

} // namespace initorder::inspect
