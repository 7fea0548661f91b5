// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/parameters.h"

#include "rules/deployment_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include <regex.h>

namespace initorder::deployment {

namespace {

struct RegexEnd {
  void operator()(regex_t *regex) const noexcept {
    ::regfree(regex);
    delete regex;
  }
};

/// A pattern for a whole text; as the server compiles it. None: it is no pattern, or one that would fill the memory.
class Pattern {
public:
  explicit Pattern(const std::string &text, bool ignores_case) {
    if (text.size() > 1024 || std::ranges::count(text, '{') > 2)
      return;
    auto *regex = new regex_t;
    if (::regcomp(regex, ("^(" + text + ")$").c_str(), REG_EXTENDED | REG_NOSUB | (ignores_case ? REG_ICASE : 0)) == 0)
      regex_.reset(regex);
    else
      delete regex;
  }
  bool is_none() const { return !regex_; }
  bool matches(const std::string &text) const {
    return regex_ && ::regexec(regex_.get(), text.c_str(), 0, nullptr, 0) == 0;
  }

private:
  std::unique_ptr<regex_t, RegexEnd> regex_;
};

/// The modules that the parameter is for, among those that are loaded by then.
std::vector<const InstalledModule *> takers(const config::ModuleParameter &parameter, const Deployment &deployment) {
  const Pattern pattern(parameter.modules, true);
  const auto &loaded = deployment.config.modules;
  std::vector<const InstalledModule *> out;
  for (const InstalledModule &module : deployment.modules) {
    const auto first = std::ranges::find(loaded, module.loaded.name, &config::LoadedModule::name);
    if (static_cast<std::size_t>(first - loaded.begin()) < parameter.after && pattern.matches(module.export_name))
      out.push_back(&module);
  }
  return out;
}

/// A module that is loaded by then and whose own name nobody has read; empty: none.
std::string not_read(const config::ModuleParameter &parameter, const Deployment &deployment) {
  const auto &loaded = deployment.config.modules;
  for (std::size_t i = 0; i < parameter.after && i < loaded.size(); ++i)
    for (const InstalledModule &module : deployment.modules)
      if (module.loaded.name == loaded[i].name && !module.object)
        return module.loaded.name;
  return {};
}

/// What the URL needs: the first of the modules that would do; none: no URL, or one is loaded.
std::optional<std::string> missing_driver(const std::string &url, const Deployment &deployment) {
  const std::size_t colon = url.find("://");
  if (colon == url.npos || colon == 0)
    return std::nullopt;
  std::vector<std::string> names;
  for (std::string name : deployment.host->config.database_modules) {
    if (const std::size_t at = name.find("{scheme}"); at != name.npos)
      name.replace(at, 8, url.substr(0, colon));
    names.push_back(std::move(name));
  }
  for (const InstalledModule &module : deployment.modules)
    if (std::ranges::find(names, module.export_name) != names.end())
      return std::nullopt;
  return names.empty() ? std::nullopt : std::optional(names.front());
}

Event event_at(const config::ModuleParameter &parameter, std::string_view effect, std::string module) {
  Event out;
  out.effect = effect;
  out.place.phase = "load";
  out.place.module = std::move(module);
  out.site = parameter.at;
  out.certainty = parameter.guard.certainty;
  if (!parameter.guard.condition.empty())
    out.conditions.push_back(parameter.guard.condition);
  out.path = {{parameter.at, "", fmt::format("modparam {} {}", parameter.modules, parameter.name)}};
  return out;
}

} // namespace

std::vector<ParameterValue> parameter_values(const Deployment &deployment) {
  std::vector<ParameterValue> out;
  for (const config::ModuleParameter &parameter : deployment.config.parameters)
    for (const InstalledModule *module : takers(parameter, deployment))
      out.push_back({module, parameter.name,
                     parameter.guard.certainty == Certainty::always ? std::optional(parameter.value) : std::nullopt});
  return out;
}

void add_parameter_events(const Deployment &deployment, std::vector<Event> &out) {
  const HostConfig &host = deployment.host->config;
  const Pattern database(host.database_parameter.empty() ? "$^" : host.database_parameter, false);
  for (const config::ModuleParameter &parameter : deployment.config.parameters) {
    if (Pattern(parameter.modules, true).is_none())
      continue; // not for us to judge
    const std::vector<const InstalledModule *> modules = takers(parameter, deployment);
    if (modules.empty()) {
      Event event = event_at(parameter, kParameterAstray, parameter.modules);
      event.call = parameter.modules + "." + parameter.name;
      if (const std::string unread = not_read(parameter, deployment); !unread.empty()) {
        event.certainty = Certainty::maybe;
        event.conditions.push_back(unread + " calls itself so as its file is called");
      }
      out.push_back(std::move(event));
    }
    if (!database.matches(parameter.name))
      continue;
    for (const InstalledModule *module : modules)
      if (const auto driver = missing_driver(parameter.value, deployment)) {
        Event event = event_at(parameter, kDriverMissing, module->loaded.name);
        event.call = *driver;
        event.why = "the URL's scheme is " + parameter.value.substr(0, parameter.value.find(':'));
        out.push_back(std::move(event));
      }
  }
}

} // namespace initorder::deployment
