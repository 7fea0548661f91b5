// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/scan_program.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace initorder {

namespace fs = std::filesystem;

ExitStatus become_scan(char **arguments) {
  const std::string name = "initorder-scan";
  std::vector<char *> words{const_cast<char *>(name.c_str())};
  while (*arguments)
    words.push_back(*arguments++);
  words.push_back(nullptr);

  std::error_code ignored;
  const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path &folder : {here, here / INITORDER_INSTALLED_LIBEXEC}) {
    const fs::path program = (folder / name).lexically_normal();
    ::execv(program.c_str(), words.data());
    if (errno != ENOENT && errno != ENOTDIR) {
      complain(program.string() + " cannot be run: " + std::strerror(errno));
      return ExitStatus::bad_input;
    }
  }
  complain("what reads source is not installed: it is the package initorder-analyzer (built with -DINITORDER_ANALYZER=ON)");
  return ExitStatus::bad_input;
}

} // namespace initorder
