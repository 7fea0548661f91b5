// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/library_version.h"

#include "deployment/load_events.h"

#include <cctype>
#include <cstdlib>
#include <set>
#include <vector>

namespace initorder::deployment {

namespace {

/// "3.0.20" behind the text, the first time that a number follows it.
std::string version_behind(const std::string &text, const elf::Object &object) {
  for (const elf::Segment &segment : object.segments())
    for (std::size_t at = 0; (at = segment.bytes.find(text, at)) != segment.bytes.npos; ++at) {
      std::size_t end = at + text.size();
      const auto is_part = [](unsigned char c) { return std::isalnum(c) || c == '.'; };
      while (end < segment.bytes.size() && is_part(segment.bytes[end]))
        ++end;
      const std::string_view version = segment.bytes.substr(at + text.size(), end - at - text.size());
      if (!version.empty() && std::isdigit(static_cast<unsigned char>(version[0])) && version.find('.') != version.npos)
        return std::string(version);
    }
  return {};
}

/// 3, 0, 20 for "3.0.20"; 1, 1, 1 for "1.1.1w".
std::vector<unsigned long> numbers_of(const std::string &version) {
  std::vector<unsigned long> out;
  for (const char *at = version.c_str(); std::isdigit(static_cast<unsigned char>(*at));) {
    char *end = nullptr;
    out.push_back(std::strtoul(at, &end, 10));
    at = *end == '.' ? end + 1 : end;
  }
  return out;
}

} // namespace

std::string known_version(const LibraryPack &library, const std::string &version) {
  std::string out;
  for (const LibraryVersion &known : library.versions)
    if (!version.empty() && numbers_of(known.value) <= numbers_of(version))
      out = known.value;
  return out;
}

std::string version_of(const LibraryPack &library, const Deployment &deployment) {
  std::set<std::string> versions;
  if (library.version_text.empty())
    return {};
  for (const MappedObject &object : deployment.image.objects())
    for (const std::string &pattern : library.objects)
      if (is_object(object.file, pattern))
        if (const std::string version = version_behind(library.version_text, *object.object); !version.empty())
          versions.insert(version);
  return versions.size() == 1 ? *versions.begin() : "";
}

} // namespace initorder::deployment
