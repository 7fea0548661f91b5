// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/trace/trace_report.h"

#include <fmt/format.h>

#include <csignal>
#include <cstring>
#include <map>

namespace initorder::trace {
namespace {

std::string end_of(const Process &process) {
  if (!process.end)
    return "";
  if (process.end->signal) {
    const char *name = sigabbrev_np(*process.end->signal);
    return name ? fmt::format("killed by SIG{}", name) : fmt::format("killed by signal {}", *process.end->signal);
  }
  return process.end->status ? fmt::format("exited with {}", *process.end->status) : "ended";
}

struct Tree {
  const Processes &processes;
  std::map<ProcessNumber, std::vector<const Process *>> children;
  Page &page;

  void write(const Process &process, unsigned depth) const {
    constexpr unsigned deepest = 20; // beyond it, and in a forged file, lines only grow
    const std::string indent(2 * std::min(depth, deepest), ' ');
    page.line(fmt::format("  {:>3}  {:>7}  {:<40}  {}", static_cast<std::uint32_t>(process.number), process.started.pid,
                          indent + (process.number == processes.main ? page.paint(Ink::bold, printable(process.name))
                                                                     : printable(process.name)),
                          end_of(process)));
  }
};

} // namespace

void write_processes(const TraceReport &trace, Page &page) {
  const Processes &processes = trace.verdict.processes;
  if (processes.all.empty())
    return;
  Tree tree{processes, {}, page};
  std::vector<std::pair<const Process *, unsigned>> open;
  for (const auto &[number, process] : processes.all)
    if (process.started.parent && *process.started.parent < number && processes.find(*process.started.parent))
      tree.children[*process.started.parent].push_back(&process);
    else
      open.insert(open.begin(), {&process, 0});
  page.line(page.paint(Ink::bold, "processes"));
  page.line("   no      pid  name");
  while (!open.empty()) {
    const auto [process, depth] = open.back();
    open.pop_back();
    tree.write(*process, depth);
    const auto children = tree.children.find(process->number);
    if (children != tree.children.end())
      for (auto child = children->second.rbegin(); child != children->second.rend(); ++child)
        open.emplace_back(*child, depth + 1);
  }
  page.line();
}

} // namespace initorder::trace
