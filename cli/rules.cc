// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/rules.h"

#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/describe.h"
#include "reports/page.h"
#include "rules/lint.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {
namespace {

namespace fs = std::filesystem;

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

/// Each remark as a compiler would say it, then how many there are.
void list_remarks(const std::vector<Remark> &remarks, std::size_t packs, Page &page) {
  std::size_t count[3] = {};
  for (const Remark &remark : remarks) {
    ++count[static_cast<std::size_t>(remark.severity)];
    page.line(fmt::format("{}: {}: {}", printable(remark.where), name_of(remark.severity), printable(remark.what)));
  }
  page.line(fmt::format("{} {}, {} {}, {} {} in {} {}", count[2], count[2] == 1 ? "error" : "errors", count[1],
                        count[1] == 1 ? "warning" : "warnings", count[0], count[0] == 1 ? "note" : "notes", packs,
                        packs == 1 ? "pack" : "packs"));
}

/// The files, and those in the folders.
Result<std::vector<fs::path>> files_below(const std::vector<std::string> &paths) {
  std::vector<fs::path> out;
  for (const std::string &path : paths) {
    std::error_code ignored;
    const bool folder = fs::is_directory(path, ignored);
    const Result<std::vector<fs::path>> inside = folder ? pack_files(path) : std::vector<fs::path>{path};
    if (!inside)
      return inside.error();
    out.insert(out.end(), inside->begin(), inside->end());
  }
  return out;
}

/// The packs that `files` stand among. One of the files may be among them itself, and broken.
Result<Packs> others_than(const std::vector<fs::path> &files, const PackArguments &arguments) {
  const Result<fs::path> folder = rules_folder(arguments.rules_dir);
  if (!folder)
    return folder.error();
  const Result<std::vector<fs::path>> known = pack_files(*folder);
  if (!known)
    return known.error();
  std::vector<fs::path> others = *known;
  others.insert(others.end(), arguments.extra.begin(), arguments.extra.end());
  Packs out;
  for (const fs::path &other : others) {
    std::error_code ignored;
    if (std::ranges::any_of(files, [&](const fs::path &file) { return fs::equivalent(file, other, ignored); }))
      continue;
    if (const Result<void> put = put_pack(out, other); !put)
      return put.error();
  }
  return out;
}

/// 2 when a pack cannot be used, 1 when it hardly means what it says.
ExitStatus check_packs(const RulesArguments &arguments) {
  const Result<std::vector<fs::path>> files = files_below(arguments.check);
  if (!files)
    return fail(files.error());
  const Result<Packs> others = others_than(*files, arguments.packs);
  if (!others)
    return fail(others.error());
  const std::vector<Remark> remarks = lint(others.value(), *files);
  const Result<Output> output = Output::to("");
  const Result<void> written = output->write([&](std::ostream &out) {
    Page page(out, use_colour(arguments.colour, true), terminal_width());
    list_remarks(remarks, files->size(), page);
  });
  if (!written)
    return fail(written.error());
  const auto has = [&](Severity severity) {
    return std::ranges::find(remarks, severity, &Remark::severity) != remarks.end();
  };
  return has(Severity::error)     ? ExitStatus::bad_input
         : has(Severity::warning) ? ExitStatus::findings
                                  : ExitStatus::clean;
}

} // namespace

CLI::App *add_rules(CLI::App &program, RulesArguments &arguments) {
  CLI::App &rules = *program.add_subcommand("rules", "Lists the rules, explains one, or checks packs");
  CLI::Option *const id = rules.add_option("ID", arguments.id, "The rule to explain")->type_name("");
  add_repeated(rules, "--check", arguments.check, "PACK", "Tell what is wrong with a pack, or a folder of packs");
  rules.get_option("--check")->excludes(id);
  add_colour(rules, arguments.colour);
  add_pack_options(rules, arguments.packs);
  return &rules;
}

ExitStatus run_rules(const RulesArguments &arguments) {
  if (!arguments.check.empty())
    return check_packs(arguments);
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
