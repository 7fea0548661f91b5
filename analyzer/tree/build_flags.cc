// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/tree/build_flags.h"

#include "clang/Tooling/CompilationDatabase.h"

namespace initorder {

namespace fs = std::filesystem;

namespace {

std::string with_module(std::string define, const std::string &module) {
  constexpr std::string_view kHole = "{module}";
  if (const std::size_t at = define.find(kHole); at != std::string::npos)
    define.replace(at, kHole.size(), module);
  return define;
}

bool is_cpp(const fs::path &file) { return file.extension() != ".c"; }

ExtractJob infer(const SourceTree &tree, const SourceFile &file) {
  ExtractJob job{file.path, file.path.parent_path(), {}};
  job.arguments = {is_cpp(file.path) ? "-std=gnu++17" : "-std=gnu11"};
  const LinkageUnit &unit = tree.units[file.unit];
  for (const std::string &define : tree.layout->defines)
    job.arguments.push_back("-D" + define);
  if (file.unit != 0)
    for (const std::string &define : tree.layout->module_defines)
      job.arguments.push_back("-D" + with_module(define, unit.name));
  for (const std::string &flag : unit.makefile.flags)
    job.arguments.push_back(flag.starts_with("-I") && flag[2] != '/'
                                ? "-I" + (tree.root / unit.folder / flag.substr(2)).string()
                                : flag);
  for (const std::string &path : tree.layout->include_paths)
    job.arguments.push_back("-I" + (tree.root / path).string());
  return job;
}

/// The flags of a recorded command that matter to the front end: what it reads and how.
std::vector<std::string> front_end_flags(const std::vector<std::string> &command) {
  std::vector<std::string> flags;
  for (std::size_t i = 1; i < command.size(); ++i) {
    const std::string &word = command[i];
    const bool takes_next = word == "-D" || word == "-I" || word == "-U" || word == "-include" ||
                            word == "-isystem" || word == "-iquote" || word == "-idirafter";
    if (takes_next && i + 1 < command.size()) {
      flags.push_back(word);
      flags.push_back(command[++i]);
    } else if (word.starts_with("-D") || word.starts_with("-I") || word.starts_with("-U") ||
               word.starts_with("-std=") || word.starts_with("-isystem") || word == "-m32" || word == "-pthread") {
      flags.push_back(word);
    }
  }
  return flags;
}

} // namespace

Result<std::vector<ExtractJob>> compile_jobs(const SourceTree &tree, const fs::path &database,
                                             const std::vector<unsigned> &files) {
  std::unique_ptr<clang::tooling::CompilationDatabase> known;
  const fs::path folder = database.empty() ? tree.root : database;
  std::error_code ignored;
  if (!database.empty() || fs::exists(folder / "compile_commands.json", ignored)) {
    std::string why;
    known = clang::tooling::CompilationDatabase::loadFromDirectory(folder.string(), why);
    if (!known) {
      std::replace(why.begin(), why.end(), '\n', ' ');
      const bool there = fs::exists(folder / "compile_commands.json", ignored);
      return Error{there ? Error::Kind::malformed : Error::Kind::gone, (folder / "compile_commands.json").string(),
                   why};
    }
  }
  std::vector<ExtractJob> jobs;
  for (const unsigned index : files) {
    const SourceFile &file = tree.files[index];
    const auto commands = known ? known->getCompileCommands(file.path.string())
                                : std::vector<clang::tooling::CompileCommand>{};
    if (commands.empty())
      jobs.push_back(infer(tree, file));
    else
      jobs.push_back({file.path, commands.front().Directory, front_end_flags(commands.front().CommandLine)});
  }
  return jobs;
}

} // namespace initorder
