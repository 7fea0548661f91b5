// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/inspect/inspect_report.h"
#include "reports/table.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace initorder::inspect {
namespace {

/// Objects that do the same thing twice: "libssl.so.1.1" and "libssl.so.3", or one file name from two folders.
std::vector<std::string> copies_in(const std::vector<LoadedObject> &objects) {
  std::map<std::string, std::vector<std::string>> by_stem;
  for (const LoadedObject &object : objects)
    by_stem[std::string(trace::stem_of(object.path))].push_back(object.path);
  std::vector<std::string> out;
  for (const auto &[stem, paths] : by_stem)
    if (paths.size() > 1)
      out.push_back(fmt::format("{} is there {} times: {}", stem, paths.size(), fmt::join(paths, ", ")));
  return out;
}

} // namespace

void write_objects(const InspectReport &report, Page &page) {
  const Process &main = report.family.processes.front();
  if (main.objects.empty())
    return;
  page.line(page.paint(Ink::bold, "loaded objects, in load order"));
  std::vector<std::vector<std::string>> rows{{"no", "object", "because of"}};
  for (std::size_t i = 0; i < main.objects.size(); ++i) {
    const LoadedObject &object = main.objects[i];
    rows.push_back({std::to_string(i), std::string(trace::base_name(object.path)),
                    i == 0                                       ? "the program"
                    : object.path.starts_with("linux-vdso")      ? "the kernel"
                    : object.needed_by.empty()                   ? "dlopen(), or preloaded"
                                                                 : object.needed_by.front()});
  }
  write_table(std::move(rows), page);
  for (const std::string &text : copies_in(main.objects))
    page.hang("  ", 4, text);
  page.line();

  std::map<SharedPlace, std::pair<std::uint64_t, std::size_t>> shared; // bytes, processes
  for (const Process &process : report.family.processes)
    for (const SharedMapping &mapping : process.shared) {
      shared[mapping.place].first = mapping.size;
      ++shared[mapping.place].second;
    }
  if (shared.empty())
    return;
  page.line(page.paint(Ink::bold, "shared mappings"));
  rows = {{"KiB", "what", "processes"}};
  for (const auto &[place, what] : shared)
    rows.push_back({std::to_string(what.first / 1024), place.name, std::to_string(what.second)});
  write_table(std::move(rows), page);
  page.line();
}

} // namespace initorder::inspect
