// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/inspect/inspect_report.h"
#include "reports/table.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

namespace initorder::inspect {
namespace {

void write_list(const char *title, const std::vector<Handler> &handlers, bool known, Page &page) {
  page.line(page.paint(Ink::bold, title));
  if (!known)
    page.line("  cannot tell");
  else if (handlers.empty())
    page.line("  none");
  std::vector<std::vector<std::string>> rows{{"no", "when", "function", "registered by"}};
  for (std::size_t i = 0; i < handlers.size(); ++i)
    rows.push_back({std::to_string(i), handlers[i].when,
                    handlers[i].function.function.empty()
                        ? trace::place_of(handlers[i].function).file
                        : fmt::format("{} {}", trace::base_name(handlers[i].function.object), handlers[i].function.function),
                    handlers[i].object});
  if (!handlers.empty())
    write_table(std::move(rows), page);
  page.line();
}

} // namespace

void write_handlers(const InspectReport &report, Page &page) {
  const Process &main = report.family.processes.front();
  write_list("at-fork handlers, in order of registration", main.fork_handlers, main.fork_handlers_known, page);
  write_list("exit handlers, in order of registration", main.exit_handlers, main.exit_handlers_known, page);
}

} // namespace initorder::inspect
