// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// First each file by itself; only when all can be read does it mean something what they say of each other.
#include "rules/lint.h"

#include "rules/cross_check.h"
#include "rules/lint_pack.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace initorder {
namespace {

namespace fs = std::filesystem;

/// "file:12:3" as file, 12, 3; what is not there counts as 0.
std::tuple<std::string, unsigned long, unsigned long> parts_of(const std::string &where) {
  std::string file = where;
  unsigned long numbers[2] = {0, 0};
  for (int found = 0; found < 2; ++found) {
    const std::size_t colon = file.rfind(':');
    if (colon == std::string::npos || colon + 1 == file.size() ||
        file.find_first_not_of("0123456789", colon + 1) != std::string::npos)
      break;
    numbers[1] = numbers[0];
    numbers[0] = std::strtoul(file.c_str() + colon + 1, nullptr, 10);
    file.resize(colon);
  }
  return {file, numbers[0], numbers[1]};
}

void add_errors(const std::vector<Error> &errors, std::vector<Remark> &out) {
  for (const Error &error : errors)
    out.push_back({Severity::error, error.where, error.what});
}

/// Reads the files into `packs`. False: some cannot be read.
bool read_files(const std::vector<fs::path> &files, Packs &packs, std::vector<Remark> &out) {
  bool all_read = true;
  for (const fs::path &file : files) {
    std::vector<Error> mistakes;
    const Result<void> put = put_pack(packs, file, &mistakes);
    if (put)
      continue;
    all_read = false;
    add_errors(mistakes.empty() ? std::vector<Error>{put.error()} : mistakes, out);
  }
  return all_read;
}

void lint_files(const std::vector<fs::path> &files, const Packs &packs, std::vector<Remark> &out) {
  const Company company{packs, effect_names(packs), awaited_milestones(packs.checks)};
  std::set<std::string> names;
  for (const fs::path &file : files)
    names.insert(file.generic_string());
  for (const HostPack &host : packs.hosts)
    if (names.contains(host.file))
      lint_host(host, company, out);
  for (const LibraryPack &library : packs.libraries)
    if (names.contains(library.file))
      lint_library(library, company, out);
  for (const Check &check : packs.checks)
    for (const fs::path &file : files) // a check's id is the name of its file
      if (file.stem() == check.id)
        lint_check(check, file.generic_string(), company, out);
}

} // namespace

std::vector<Remark> lint(const Packs &others, const std::vector<fs::path> &files) {
  std::vector<Remark> out;
  Packs packs = others;
  if (read_files(files, packs, out)) {
    add_errors(cross_mistakes(packs), out);
    lint_files(files, packs, out);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Remark &a, const Remark &b) { return parts_of(a.where) < parts_of(b.where); });
  return out;
}

} // namespace initorder
