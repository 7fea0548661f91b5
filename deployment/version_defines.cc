// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/version_defines.h"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace initorder::deployment {

namespace {

using Version = std::array<unsigned, 3>;

/// "5.6.3"; what is not given is 0.
Version numbers_of(const std::string &version) {
  Version out{};
  const char *at = version.data(), *const end = at + version.size();
  for (unsigned &part : out) {
    const auto [after, error] = std::from_chars(at, end, part);
    if (error != std::errc() || after == end || *after != '.')
      break;
    at = after + 1;
  }
  return out;
}

std::string filled_in(std::string text, const Version &version) {
  const auto [major, minor, patch] = version;
  const std::pair<const char *, std::string> parts[] = {
      {"{major}", std::to_string(major)},
      {"{minor}", std::to_string(minor)},
      {"{patch}", std::to_string(patch)},
      {"{number}", std::to_string(major * 1'000'000 + minor * 1'000 + patch)}};
  for (const auto &[what, with] : parts)
    if (const std::size_t at = text.find(what); at != text.npos)
      text.replace(at, std::strlen(what), with);
  return text;
}

} // namespace

std::map<std::string, config::Definition> version_defines(const HostConfig &host, const std::string &version) {
  std::map<std::string, config::Definition> out;
  const Version numbers = numbers_of(version);
  for (const VersionDefine &one : host.version_defines) {
    if (version.empty() || numbers < numbers_of(one.since))
      continue;
    config::Definition definition;
    if (!one.value.empty())
      definition.value = filled_in(one.value, numbers);
    out.try_emplace(filled_in(one.name, numbers), std::move(definition));
  }
  return out;
}

} // namespace initorder::deployment
