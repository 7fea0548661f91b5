// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/pack_arguments.h"

#include "cli/options.h"
#include "rules/nearest.h"

#include <algorithm>
#include <cstdlib>

namespace initorder {

namespace fs = std::filesystem;

void add_pack_options(CLI::App &command, PackArguments &arguments) {
  command.add_option("--rules-dir", arguments.rules_dir, "Folder of the packs, instead of the built-in one")
      ->type_name("DIR");
  add_repeated(command, "--pack", arguments.extra, "FILE", "One more pack (host, library or rule)");
}

Result<fs::path> rules_folder(const std::string &rules_dir) {
  if (!rules_dir.empty())
    return fs::path(rules_dir);
  if (const char *named = std::getenv("INITORDER_RULES"); named && *named)
    return fs::path(named);
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path here = program.parent_path();
  for (const fs::path &folder :
       {here / INITORDER_RULES_FROM_BIN, here / INITORDER_RULES_FROM_LIBEXEC, fs::path(INITORDER_SOURCE_RULES)})
    if (fs::is_directory(folder, ignored))
      return folder.lexically_normal();
  return Error{Error::Kind::gone, "",
               "the packs are not installed beside the program: name their folder with --rules-dir"};
}

Result<Packs> load_packs(const PackArguments &arguments) {
  const Result<fs::path> folder = rules_folder(arguments.rules_dir);
  if (!folder)
    return folder.error();
  Result<Packs> packs = load_packs(folder.value());
  for (const std::string &file : arguments.extra) {
    if (!packs)
      break;
    if (const Result<void> added = add_pack(*packs, file); !added)
      return added.error();
  }
  return packs;
}

Result<std::vector<Check>> choose_checks(const std::vector<Check> &checks, const std::vector<std::string> &ids) {
  for (const std::string &id : ids) {
    if (std::ranges::find(checks, id, &Check::id) != checks.end())
      continue;
    std::vector<std::string> known;
    std::ranges::transform(checks, std::back_inserter(known), &Check::id);
    return Error{Error::Kind::unknown, "", "no rule is called " + in_quotes(id) + nearest(id, known)};
  }
  if (ids.empty())
    return checks;
  std::vector<Check> chosen;
  std::ranges::copy_if(checks, std::back_inserter(chosen),
                       [&](const Check &check) { return std::ranges::find(ids, check.id) != ids.end(); });
  return chosen;
}

} // namespace initorder
