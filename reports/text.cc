// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The report for people: findings in groups by rule, each rule's reason and cure told once.
#include "reports/describe.h"
#include "reports/page.h"
#include "reports/report.h"
#include "reports/text_finding.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {
namespace {

struct Group {
  std::string rule;
  Severity severity = Severity::note;
  std::vector<const Finding *> findings;
};

/// Groups by rule: the most severe first, then by id. Within a group the report's order stays.
std::vector<Group> groups_of(const std::vector<Finding> &findings) {
  std::vector<Group> groups;
  for (const Finding &finding : findings) {
    auto group = std::ranges::find(groups, finding.rule, &Group::rule);
    if (group == groups.end())
      group = groups.insert(group, {finding.rule, finding.severity, {}});
    group->severity = std::max(group->severity, finding.severity);
    group->findings.push_back(&finding);
  }
  std::ranges::sort(groups, [](const Group &left, const Group &right) {
    return left.severity != right.severity ? left.severity > right.severity : left.rule < right.rule;
  });
  return groups;
}

void write_rule(const Group &group, const std::vector<Check> &checks, Page &page) {
  const auto check = std::ranges::find(checks, group.rule, &Check::id);
  const std::string title = check == checks.end() ? "" : ": " + printable(check->title);
  page.line(fmt::format("{}{} ({})", page.paint(Ink::bold, group.rule), page.paint(Ink::bold, title),
                        count_of(group.findings.size(), "finding")));
  if (check != checks.end()) {
    page.row("why", check->why);
    page.row("cure", check->fix);
    for (const std::string &source : check->sources)
      page.row("source", source);
  }
  page.line();
}

void write_caveats(const Report &report, Page &page) {
  constexpr std::size_t examples = 5;
  bool left_out = false;
  for (Caveat::Kind kind : {Caveat::Kind::parse_errors, Caveat::Kind::not_read, Caveat::Kind::cannot_tell}) {
    std::vector<const Caveat *> caveats;
    for (const Caveat &caveat : report.caveats)
      if (caveat.kind == kind)
        caveats.push_back(&caveat);
    if (caveats.empty())
      continue;
    page.hang("", 2, fmt::format("{} {}", caveats.size(), sentence_for(kind)));
    for (std::size_t i = 0; i < std::min(examples, caveats.size()); ++i) {
      const std::string place = describe(caveats[i]->at);
      page.hang("  ", 4, (place.empty() ? "" : place + ": ") + caveats[i]->what);
    }
    if (caveats.size() > examples)
      page.line(fmt::format("  ... and {} more", caveats.size() - examples));
    left_out |= caveats.size() > examples;
  }
  if (left_out)
    page.line("  (--format json lists them all)");
  if (!report.caveats.empty())
    page.line();
}

} // namespace

void write_findings(const std::vector<Finding> &findings, const std::vector<Check> &checks,
                    const FindingContext &context, Page &page) {
  for (const Group &group : groups_of(findings)) {
    write_rule(group, checks, page);
    for (const Finding *finding : group.findings)
      write_finding(*finding, context, page);
  }
}

void write_text(const Report &report, const TextOptions &options, std::ostream &out) {
  Page page(out, options.colour, options.width);
  write_findings(report.findings, report.checks, {options.all_paths, report.scenarios.size()}, page);
  write_caveats(report, page);
  page.line(page.paint(Ink::bold, printable(summary_of(report))));
}

} // namespace initorder
