// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/check_source.h"

#include "cli/scan_program.h"
#include "deployment/hints.h"
#include "deployment/library_version.h"
#include "reports/describe.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {

namespace {

/// What the variables are here, and which lines would change them.
void add_variables(const deployment::Deployment &deployment, std::vector<std::string> &words) {
  for (const ScenarioVariable &variable : deployment.host->scenario) {
    const auto known = deployment.variables.find(variable.name);
    if (known != deployment.variables.end() && !known->second.empty())
      words.insert(words.end(), {"--deployed", variable.name + "=" + known->second});
    for (const ConfigVariable &setting : deployment.host->config.variables)
      for (const std::string &value : variable.values)
        if (setting.variable == variable.name && (known == deployment.variables.end() || known->second != value))
          words.insert(words.end(), {"--hint", variable.name + "=" + value + "=" +
                                                   deployment::change_of(deployment, setting, value)});
    if (variable.load_order_of.empty())
      continue;
    const auto module = std::ranges::find(deployment.modules, variable.load_order_of,
                                          [](const deployment::InstalledModule &one) { return one.loaded.name; });
    words.insert(words.end(), {"--deployed", variable.name + (module == deployment.modules.end() ? "=absent" : "=as-loaded")});
    if (module != deployment.modules.end() && module != deployment.modules.begin())
      words.insert(words.end(), {"--hint", variable.name + "=first=" +
                                               deployment::change_of(module->loaded, deployment.modules.front().loaded)});
  }
}

} // namespace

ExitStatus scan_deployment(const CheckArguments &arguments, const deployment::Deployment &deployment, const Packs &packs) {
  std::string order;
  for (const deployment::InstalledModule &module : deployment.modules)
    order += (order.empty() ? "" : ",") + module.loaded.name;
  if (order.empty()) {
    complain(arguments.config + ": loads no module: there is nothing to look for in a source tree");
    return ExitStatus::bad_input;
  }
  std::vector<std::string> words{arguments.source, "--load-order", order, "--quiet", "--format", arguments.format,
                                 "--fail-on", arguments.fail_on, "--color", arguments.colour};
  words.insert(words.end(), {"--subject", fmt::format("{}: {} from {}, {}", arguments.config, deployment.host->title,
                                                      arguments.source, count_of(deployment.modules.size(), "module"))});
  if (!arguments.output.empty())
    words.insert(words.end(), {"--output", arguments.output});
  for (const std::string &rule : arguments.rules)
    words.insert(words.end(), {"--rule", rule});
  if (!arguments.packs.rules_dir.empty())
    words.insert(words.end(), {"--rules-dir", arguments.packs.rules_dir});
  for (const std::string &pack : arguments.packs.extra)
    words.insert(words.end(), {"--pack", pack});
  add_variables(deployment, words);
  for (const LibraryPack &library : packs.libraries)
    if (const std::string version = deployment::version_of(library, deployment); !version.empty())
      words.insert(words.end(), {"--set", library.name + "=" + version});
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return become_scan(pointers.data());
}

} // namespace initorder
