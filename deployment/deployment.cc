// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/deployment.h"

#include "config/parse.h"
#include "deployment/module_files.h"
#include "deployment/version_defines.h"
#include "rules/nearest.h"
#include "tracer/elf/bounded.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace initorder::deployment {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kLargestFile = 16 << 20;

Result<std::string> read_text(const std::string &path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status))
    return Error{Error::Kind::gone, path, "No such file or directory"};
  if (!fs::is_regular_file(status))
    return Error{Error::Kind::malformed, path, "not a file"};
  if (fs::file_size(path, failed) > kLargestFile)
    return Error{Error::Kind::malformed, path, "larger than 16 MiB: no configuration"};
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{Error::Kind::denied, path, std::strerror(errno)};
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::optional<std::string> from_environment(const std::string &name) {
  const char *value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string find_program(const Request &request, const HostPack &host) {
  for (const std::string &name : host.trace.programs)
    for (const fs::path folder : request.program_folders) {
      std::error_code failed;
      if (fs::is_regular_file(folder / name, failed))
        return folder / name;
    }
  return {};
}

/// The program is the first object of the process, if it is there.
void read_program(const Request &request, Deployment &out) {
  const HostConfig &host = out.host->config;
  out.program = request.program.empty() ? find_program(request, *out.host) : request.program;
  if (out.program.empty()) {
    if (out.host->trace.programs.empty() && host.variables.empty())
      return; // nothing that a program could tell
    out.caveats.push_back({Caveat::Kind::cannot_tell, {}, "the server's program is not found: name it with --program"});
    return;
  }
  const auto loaded = out.image.load(out.program);
  if (!loaded) {
    out.caveats.push_back({Caveat::Kind::not_read, {out.program}, loaded.error().what});
    out.program.clear();
    return;
  }
  const elf::Object &object = *out.image.objects()[*loaded].object;
  // What a variable is before the configuration is read.
  for (const ConfigVariable &variable : host.variables)
    for (const ScenarioVariable &known : out.host->scenario) {
      if (known.name != variable.variable || known.global.empty())
        continue;
      const auto global = object.find(known.global);
      // One that has no bytes in the file is zero at first.
      const auto value = global ? elf::load<std::int32_t>(object.bytes(global->address, 4), 0) : std::nullopt;
      out.variables[known.name] = global ? std::to_string(value.value_or(0)) : "";
    }
}

void read_settings(Deployment &out) {
  for (const ConfigVariable &variable : out.host->config.variables)
    for (const config::Setting &setting : out.config.settings) {
      if (std::ranges::find(variable.parameters, setting.name) == variable.parameters.end())
        continue;
      const auto known = out.variables.find(variable.variable);
      if (known != out.variables.end() && known->second.empty())
        out.caveats.push_back({Caveat::Kind::not_read, setting.at, "this server has no parameter " + setting.name +
                                                                       ": it refuses the configuration"});
      else if (setting.is_known && setting.guard.certainty == Certainty::always)
        out.variables[variable.variable] = setting.value;
      else {
        out.variables.erase(variable.variable);
        out.caveats.push_back({Caveat::Kind::cannot_tell, setting.at, "cannot tell what " + setting.name + " is set to"});
      }
    }
}

std::vector<std::string> default_folders(const Deployment &deployment) {
  const HostConfig &host = deployment.host->config;
  if (!deployment.program.empty() && !host.path_symbol.empty()) {
    const MappedObject &program = deployment.image.objects().front();
    std::vector<std::string> out;
    std::string path = text_behind(*program.object, *program.linkage, host.path_symbol);
    for (std::size_t end = 0; !path.empty() && end != path.npos; path.erase(0, end == path.npos ? end : end + 1)) {
      end = path.find(':');
      out.push_back(path.substr(0, end));
    }
    if (!out.empty())
      return out;
  }
  return host.folders;
}

void read_module(const std::vector<std::string> &folders, InstalledModule &module, Deployment &out) {
  module.export_name = module.loaded.name;
  module.path = file_of(module.loaded, folders, out.host->config);
  if (module.path.empty()) {
    module.problem = folders.empty() ? "no folder of modules is known: name one with --modules"
                                     : fmt::format("not found in {}", fmt::join(folders, ", "));
    return;
  }
  const auto loaded = out.image.load(module.path);
  if (!loaded) {
    module.problem = loaded.error().what;
    return;
  }
  module.object = *loaded;
  const MappedObject &file = out.image.objects()[*loaded];
  if (const TracedModules *layout = layout_of(*file.object, module.loaded.name, out.host->trace)) {
    const auto exports = file.object->find(symbol_of(*layout, module.loaded.name));
    const auto name = file.linkage->pointer(FileAddr{number(exports->address) + layout->name_offset});
    if (const std::string text = name ? file.object->text_at(*name) : ""; !text.empty())
      module.export_name = text;
  }
  const std::string version = version_in(text_behind(*file.object, *file.linkage, out.host->config.version_symbol));
  if (out.version.empty())
    out.version = version;
  else if (!version.empty() && version != out.version)
    module.problem = "is of version " + version + ", the server of " + out.version + ": it refuses the module";
}

} // namespace

Scenario Deployment::scenario() const {
  Scenario out;
  for (const auto &[name, value] : variables)
    if (!value.empty())
      out[name] = value;
  for (const ScenarioVariable &variable : host->scenario) {
    if (variable.load_order_of.empty())
      continue;
    const auto found = std::ranges::find(modules, variable.load_order_of,
                                         [](const InstalledModule &module) { return module.loaded.name; });
    out[variable.name] = found == modules.end()     ? "absent"
                         : found == modules.begin() ? "first"
                                                    : fmt::format("behind {}", std::prev(found)->loaded.name);
  }
  return out;
}

Deployment with_order(const Deployment &deployment, std::size_t from, std::size_t to) {
  Deployment out = deployment;
  // The modules are not looked for again; what they bring comes in another order.
  const auto move = [&](auto &list, std::size_t old_place, std::size_t new_place) {
    const auto begin = list.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(new_place), begin + static_cast<std::ptrdiff_t>(old_place),
                begin + static_cast<std::ptrdiff_t>(old_place) + 1);
  };
  const auto place = [&](const std::string &name) {
    const auto &list = deployment.config.modules;
    return static_cast<std::size_t>(std::ranges::find(list, name, &config::LoadedModule::name) - list.begin());
  };
  const std::size_t old_place = place(deployment.modules[from].loaded.name);
  const std::size_t new_place = place(deployment.modules[to].loaded.name);
  for (config::ModuleParameter &parameter : out.config.parameters)
    if (parameter.after > new_place && parameter.after <= old_place)
      ++parameter.after;
  move(out.config.modules, old_place, new_place);
  move(out.modules, from, to);
  out.image = deployment.image.anew();
  if (!out.program.empty())
    (void)out.image.load(out.program).has_value(); // it could be read before
  for (InstalledModule &module : out.modules)
    if (module.object)
      if (const auto loaded = out.image.load(module.path))
        module.object = *loaded;
  return out;
}

Result<Deployment> read_deployment(const Request &request, const HostPack &host) {
  Deployment out;
  out.host = &host;
  out.image = ProcessImage(request.libraries);
  read_program(request, out);
  if (!out.program.empty()) {
    const MappedObject &program = out.image.objects().front();
    if (const auto found = program.object->find(host.config.program_version_symbol))
      out.version = version_in(program.object->text_at(found->address));
  }

  config::Source source{read_text, from_environment, {}};
  for (const auto &[name, value] : request.definitions)
    source.definitions[name] = {value, true};
  for (auto &[name, definition] : version_defines(host.config, out.version))
    source.definitions.try_emplace(name, std::move(definition));
  Result<config::Config> config = config::parse(request.config, host.config, source);
  if (!config)
    return config.error();
  out.config = std::move(*config);
  out.caveats.insert(out.caveats.end(), out.config.caveats.begin(), out.config.caveats.end());
  read_settings(out);

  // From here it is known what the server is asked to load; now where that is.
  std::set<std::string> loaded;
  for (const config::LoadedModule &module : out.config.modules) {
    if (!loaded.insert(module.name).second)
      continue;
    InstalledModule one{module, "", "", std::nullopt, ""};
    read_module(!request.folders.empty() ? request.folders
                : !module.folders.empty() ? module.folders
                                          : default_folders(out),
                one, out);
    out.modules.push_back(std::move(one));
  }
  for (const MappedObject &object : out.image.objects())
    for (const std::string &name : object.missing)
      out.caveats.push_back({Caveat::Kind::cannot_tell, {object.path}, "needs " + name + ", which is not installed here"});
  return out;
}

} // namespace initorder::deployment
