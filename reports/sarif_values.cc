// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/sarif_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace initorder {

std::string uri_path(std::string_view path) {
  constexpr std::string_view kept = "-._~/+@=,";
  std::string uri;
  for (char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) || kept.find(c) != std::string_view::npos))
      uri += c;
    else
      uri += fmt::format("%{:02X}", byte);
  }
  return uri;
}

std::string folder_uri(std::string_view path) {
  std::string uri = "file://" + uri_path(path);
  if (uri.back() != '/')
    uri += '/';
  return uri;
}

Json sarif_message(std::string_view text) {
  return {{"text", text}};
}

namespace {

Json artifact_location(const std::string &file) {
  if (file.front() == '/')
    return {{"uri", "file://" + uri_path(file)}};
  return {{"uri", uri_path(file)}, {"uriBaseId", "SRCROOT"}};
}

} // namespace

Json sarif_location(const SourcePlace &place, std::string_view function, std::string_view message) {
  Json location = Json::object();
  if (!place.file.empty()) {
    Json &physical = location["physicalLocation"];
    physical["artifactLocation"] = artifact_location(place.file);
    if (place.line != 0)
      physical["region"]["startLine"] = place.line;
    if (place.line != 0 && place.column != 0)
      physical["region"]["startColumn"] = place.column;
  }
  if (!function.empty())
    location["logicalLocations"] = Json::array({{{"name", function}, {"kind", "function"}}});
  if (!message.empty())
    location["message"] = sarif_message(message);
  return location;
}

} // namespace initorder
