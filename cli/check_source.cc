// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/check_source.h"

#include "cli/check_request.h"
#include "cli/scan.h"
#include "deployment/hints.h"
#include "deployment/library_version.h"
#include "deployment/parameters.h"
#include "reports/describe.h"
#include "rules/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace initorder {

namespace {

bool is_set(const deployment::Deployment &deployment, const ConfigVariable &variable) {
  return std::ranges::any_of(deployment.config.settings, [&](const config::Setting &setting) {
    return std::ranges::find(variable.parameters, setting.name) != variable.parameters.end();
  });
}

/// What is not known of the configuration itself. What is said of files that are installed here is another matter.
std::vector<Caveat> caveats_of(const deployment::Deployment &deployment, const CheckArguments &arguments) {
  std::vector<Caveat> out = deployment.caveats;
  std::erase_if(out, [&](const Caveat &caveat) {
    return caveat.at.line == 0 && (arguments.program.empty() || caveat.at.file != arguments.program);
  });
  return out;
}

/// What the variables are here, and which lines would change them.
void add_variables(const deployment::Deployment &deployment, Deployed &out) {
  for (const ScenarioVariable &variable : deployment.host->scenario) {
    const auto known = deployment.variables.find(variable.name);
    if (known != deployment.variables.end() && !known->second.empty())
      out.scenario[variable.name] = known->second;
    for (const ConfigVariable &setting : deployment.host->config.variables) {
      if (setting.variable != variable.name)
        continue;
      if (known == deployment.variables.end() && is_set(deployment, setting))
        out.unknown.insert(variable.name);
      for (const std::string &value : variable.values)
        if (known == deployment.variables.end() || known->second != value)
          out.changes.push_back({variable.name, value, deployment::change_of(deployment, setting, value)});
    }
    if (variable.load_order_of.empty())
      continue;
    const auto module = std::ranges::find(deployment.modules, variable.load_order_of,
                                          [](const deployment::InstalledModule &one) { return one.loaded.name; });
    out.scenario[variable.name] = module == deployment.modules.end() ? "absent" : "as-loaded";
    if (module != deployment.modules.end() && module != deployment.modules.begin())
      out.changes.push_back(
          {variable.name, "first", deployment::change_of(module->loaded, deployment.modules.front().loaded)});
  }
}

/// What the configuration shows by itself. Whether modules are installed here says nothing of a tree.
std::vector<Finding> findings_of(const deployment::Deployment &deployment, const std::vector<Check> &checks) {
  EventSequence parameters;
  parameters.scenario = deployment.scenario();
  deployment::add_parameter_events(deployment, parameters.events);
  return judge({std::move(parameters)}, checks, *deployment.host);
}

Deployed deployed_as(const CheckArguments &arguments, const deployment::Deployment &deployment,
                     const std::vector<Check> &checks) {
  Deployed out;
  for (const deployment::InstalledModule &module : deployment.modules)
    out.configured.modules.push_back({module.loaded.name, module.loaded.at, module.loaded.guard.condition});
  for (const deployment::ParameterValue &parameter : deployment::parameter_values(deployment))
    out.configured.parameters.push_back({parameter.module->loaded.name, parameter.name, parameter.value});
  add_variables(deployment, out);
  out.findings = findings_of(deployment, checks);
  out.caveats = caveats_of(deployment, arguments);
  out.subject = fmt::format("{}: {} from {}, {}", arguments.config, deployment.host->title, arguments.source,
                            count_of(deployment.modules.size(), "module"));
  return out;
}

} // namespace

ExitStatus run_check_source(CheckArguments arguments) {
  // The report is about a tree: what stands elsewhere is named in full.
  std::error_code ignored;
  arguments.config = std::filesystem::absolute(arguments.config, ignored).lexically_normal().string();

  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  const Result<std::vector<Check>> checks = choose_checks(packs->checks, arguments.rules);
  if (!checks)
    return fail(checks.error());
  const Result<deployment::Deployment> deployment = deployment_of(arguments, packs.value());
  if (!deployment)
    return fail(deployment.error());
  if (deployment->modules.empty()) {
    complain(arguments.config + ": loads no module: there is nothing to look for in a source tree");
    return ExitStatus::bad_input;
  }

  ScanArguments scan;
  scan.path = arguments.source;
  scan.host = deployment->host->name;
  scan.quiet = true;
  scan.format = arguments.format;
  scan.output = arguments.output;
  scan.rules = arguments.rules;
  scan.fail_on = arguments.fail_on;
  scan.packs = arguments.packs;
  scan.colour = arguments.colour;
  for (const LibraryPack &library : packs->libraries)
    if (const std::string version = deployment::version_of(library, deployment.value()); !version.empty())
      scan.settings.push_back(library.name + "=" + version);
  const Deployed deployed = deployed_as(arguments, deployment.value(), checks.value());
  return run_scan(scan, &deployed);
}

} // namespace initorder
