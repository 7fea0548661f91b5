// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reconstructed init order. Objects to which nothing belongs are in the list of loaded objects.
#include "reports/inspect/inspect_report.h"
#include "reports/table.h"
#include "tracer/inspect/order.h"

#include <fmt/format.h>

namespace initorder::inspect {
namespace {

std::string text_of(const OrderStep &step) {
  const std::string owner = step.owner.empty() ? "owner: cannot tell" : step.owner;
  switch (step.kind) {
  case OrderStep::Kind::load:
    return "loaded";
  case OrderStep::Kind::key:
    return fmt::format("key {} ({})", step.number, step.what.empty() ? owner : owner + ", " + step.what);
  case OrderStep::Kind::fork_handler:
    return fmt::format("at-fork handler {}: {} ({})", step.number, step.what, owner);
  case OrderStep::Kind::exit_handler:
    return fmt::format("exit handler {}: {} ({})", step.number, step.what, owner);
  }
  return "";
}

} // namespace

void write_order(const InspectReport &report, Page &page) {
  const Process &main = report.family.processes.front();
  const InitOrder order = init_order(main);
  page.line(page.paint(Ink::bold, "reconstructed init order"));
  std::vector<std::vector<std::string>> rows{{"no", "once this was loaded", "came, not before"}};
  std::size_t told = main.objects.size(); // the load that the last row named
  for (const OrderStep &step : order.steps) {
    if (step.kind == OrderStep::Kind::load)
      continue;
    const bool again = told == step.not_before || step.not_before >= main.objects.size();
    const std::string &object = again ? "" : main.objects[step.not_before].path;
    rows.push_back({again ? "" : std::to_string(step.not_before), object.substr(object.rfind('/') + 1), text_of(step)});
    told = step.not_before;
  }
  if (rows.size() > 1)
    write_table(std::move(rows), page);
  page.hang("  ", 4, "Keys are in the order in which they were made, handlers in the order in which they were registered.");
  for (const std::string &text : order.cannot_tell)
    page.hang("  cannot tell ", 4, text);
  page.line();
}

} // namespace initorder::inspect
