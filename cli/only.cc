// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/only.h"

#include "rules/nearest.h"

#include <algorithm>

namespace initorder {

namespace fs = std::filesystem;

namespace {

bool is_in(const std::string &file, const std::string &folder) {
  return folder == "." || file == folder || (file.starts_with(folder) && file[folder.size()] == '/');
}

bool is_in(const SourcePlace &place, const Only &only) {
  return std::ranges::any_of(only.folders, [&](const std::string &folder) { return is_in(place.file, folder); });
}

/// The folder as the analysis spells it, or nothing if it is outside the tree.
std::string below(const fs::path &root, const fs::path &folder) {
  std::string relative = folder.lexically_normal().lexically_relative(root).generic_string();
  while (relative.ends_with('/'))
    relative.pop_back();
  return relative == ".." || relative.starts_with("../") ? "" : relative;
}

} // namespace

Result<Only> only_in(const fs::path &root, const std::vector<std::string> &folders) {
  std::error_code error;
  const fs::path absolute = fs::absolute(root, error).lexically_normal();
  Only only;
  if (!fs::is_directory(absolute, error))
    return only; // the scan says what is wrong with the root itself
  for (const std::string &folder : folders) {
    const fs::path path = absolute / folder; // an absolute folder replaces the root
    std::string relative = below(absolute, path);
    if (relative.empty()) // perhaps only by another name
      relative = below(fs::weakly_canonical(absolute, error), fs::weakly_canonical(path, error));
    if (relative.empty() || !fs::exists(path, error))
      return Error{Error::Kind::gone, "", "--only: " + in_quotes(folder) + " is not in the tree " + root.string()};
    only.folders.push_back(std::move(relative));
  }
  return only;
}

bool touches(const Event &event, const Only &only) {
  return is_in(event.site, only) ||
         std::ranges::any_of(event.path, [&](const PathStep &step) { return is_in(step.at, only); });
}

void keep_only(std::vector<Finding> &findings, const Only &only) {
  if (only.folders.empty())
    return;
  const auto asked_for = [&](const Event &event) { return touches(event, only); };
  std::erase_if(findings, [&](const Finding &finding) {
    return !is_in(finding.site, only) && std::ranges::none_of(finding.events, asked_for) &&
           std::ranges::none_of(finding.related, asked_for);
  });
  for (Finding &finding : findings)
    std::ranges::stable_partition(finding.events, asked_for);
}

} // namespace initorder
