// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/check_request.h"

#include "reports/describe.h"
#include "rules/nearest.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fnmatch.h>

namespace initorder {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestFirstLine = 64; ///< bytes of it that are looked at

std::vector<std::string> program_folders() {
  std::vector<std::string> out;
  if (const char *path = std::getenv("PATH"))
    for (std::string rest = path; !rest.empty();) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      out.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
  for (const char *folder : {"/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"})
    out.emplace_back(folder);
  return out;
}

/// #!KAMAILIO: what a first line calls the server.
std::string named_in_first_line(const std::string &config) {
  std::error_code ignored;
  if (!fs::is_regular_file(config, ignored)) // a pipe would have to be waited for
    return {};
  std::ifstream file(config, std::ios::binary);
  std::string line(kLongestFirstLine, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(file.gcount()));
  line.erase(std::min(line.find_first_of(" \t\r\n"), line.size()));
  if (!line.starts_with("#!"))
    return {};
  line.erase(0, 2);
  std::ranges::transform(line, line.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return line;
}

bool is_installed(const HostPack &host, const std::vector<std::string> &folders) {
  return std::ranges::any_of(host.trace.programs, [&](const std::string &name) {
    return std::ranges::any_of(folders, [&](const fs::path folder) {
      std::error_code ignored;
      return fs::is_regular_file(folder / name, ignored);
    });
  });
}

/// Of several, the only one; null: there are none, or more.
const HostPack *only_one(const std::vector<const HostPack *> &hosts) {
  return hosts.size() == 1 ? hosts.front() : nullptr;
}

/// The host by its name, by the file's name or first line, or the only one that has configurations, or is installed.
Result<const HostPack *> host_of(const CheckArguments &arguments, const std::vector<HostPack> &hosts) {
  std::vector<std::string> known;
  std::vector<const HostPack *> described, installed;
  const HostPack *undescribed = nullptr;
  const std::string file = fs::path(arguments.config).filename(), first_line = named_in_first_line(arguments.config);
  const std::vector<std::string> folders = program_folders();
  for (const HostPack &host : hosts) {
    if (host.config.files.empty()) {
      if (arguments.host.empty() ? file.starts_with(host.name) : host.name == arguments.host)
        undescribed = &host;
      continue;
    }
    described.push_back(&host);
    if (is_installed(host, folders))
      installed.push_back(&host);
    known.push_back(host.name);
    const bool fits = std::ranges::any_of(host.config.files, [&](const std::string &pattern) {
      return ::fnmatch(pattern.c_str(), file.c_str(), 0) == 0;
    });
    if (arguments.host.empty() ? fits || host.name == first_line : host.name == arguments.host)
      return &host;
  }
  if (undescribed)
    return Error{Error::Kind::unknown, arguments.config,
                 "the configuration language of " + undescribed->title + " is not described in its pack"};
  if (!arguments.host.empty())
    return Error{Error::Kind::unknown, "",
                 "no host pack with a configuration is called " + in_quotes(arguments.host) +
                     nearest(arguments.host, known)};
  const HostPack *only = only_one(described) ? only_one(described) : only_one(installed);
  if (!only)
    return Error{Error::Kind::unknown, arguments.config,
                 "cannot tell whose configuration this is: name the host with --host"};
  return only;
}

Result<deployment::Request> request_of(const CheckArguments &arguments) {
  deployment::Request out;
  out.config = arguments.config;
  out.program = arguments.program;
  if (arguments.source.empty()) // a tree's parameters are its own, whatever is installed here
    out.program_folders = program_folders();
  out.libraries = deployment::LibrarySearch::of_this_machine();
  for (const std::string &folder : arguments.modules) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
      return Error{Error::Kind::gone, "", "--modules: " + in_quotes(folder) + " is no folder"};
    out.folders.push_back(folder);
  }
  for (const std::string &definition : arguments.definitions) {
    const std::size_t equals = definition.find('=');
    const std::string name = definition.substr(0, equals);
    if (name.empty())
      return Error{Error::Kind::malformed, "", "--define: " + in_quotes(definition) + " is not NAME or NAME=VALUE"};
    out.definitions[name] = equals == definition.npos ? std::nullopt : std::optional(definition.substr(equals + 1));
  }
  return out;
}

} // namespace

Result<deployment::Deployment> deployment_of(const CheckArguments &arguments, const Packs &packs) {
  const Result<const HostPack *> host = host_of(arguments, packs.hosts);
  if (!host)
    return host.error();
  const Result<deployment::Request> request = request_of(arguments);
  if (!request)
    return request.error();
  return deployment::read_deployment(request.value(), **host);
}

} // namespace initorder
