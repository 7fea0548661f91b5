// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/rules.h"

#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/describe.h"
#include "reports/page.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {
namespace {

void list_rules(const std::vector<Check> &checks, Page &page) {
  std::size_t ids = 0;
  for (const Check &check : checks)
    ids = std::max(ids, columns_of(check.id));
  for (const Check &check : checks) // one line for each, however long: lists are grepped
    page.line(fmt::format("{:<{}}  {:<7}  {}", check.id, ids, name_of(check.severity), printable(check.title)));
}

void explain_rule(const Check &check, Page &page) {
  page.line(page.paint(Ink::bold, printable(check.id)));
  page.row("what", fmt::format("{} ({})", check.title, name_of(check.severity)));
  page.row("why", check.why);
  page.verbatim("example", check.example);
  page.row("cure", check.fix);
  for (const std::string &source : check.sources)
    page.row("source", source);
}

} // namespace

CLI::App *add_rules(CLI::App &program, RulesArguments &arguments) {
  CLI::App &rules = *program.add_subcommand("rules", "Lists the rules, or explains one");
  rules.add_option("ID", arguments.id, "The rule to explain")->type_name("");
  add_colour(rules, arguments.colour);
  add_pack_options(rules, arguments.packs);
  return &rules;
}

ExitStatus run_rules(const RulesArguments &arguments) {
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  const Result<std::vector<Check>> checks =
      choose_checks(packs->checks, arguments.id.empty() ? std::vector<std::string>{} : std::vector{arguments.id});
  if (!checks)
    return fail(checks.error());
  const Result<Output> output = Output::to("");
  const Result<void> written = output->write([&](std::ostream &out) {
    Page page(out, use_colour(arguments.colour, true), terminal_width());
    if (arguments.id.empty())
      list_rules(checks.value(), page);
    else
      explain_rule(checks->front(), page);
  });
  return written ? ExitStatus::clean : fail(written.error());
}

} // namespace initorder
