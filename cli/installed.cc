// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/installed.h"

#include <algorithm>
#include <fstream>

namespace initorder {

namespace fs = std::filesystem;

std::string version_in_header(const fs::path &header, const std::string &before) {
  std::ifstream file(header);
  constexpr int kMostLines = 10'000; // a version stands in the first hundreds
  int lines = 0;
  for (std::string line; lines < kMostLines && std::getline(file, line); ++lines) {
    const std::size_t at = line.find('"' + before);
    if (at == std::string::npos || !line.starts_with('#'))
      continue;
    const std::size_t begin = at + 1 + before.size();
    const std::size_t end = line.find_first_of(" \"", begin);
    if (end != std::string::npos && end > begin)
      return line.substr(begin, end - begin);
  }
  return {};
}

Scenario installed_versions(const Packs &packs, const std::vector<fs::path> &folders) {
  Scenario out;
  for (const LibraryPack &library : packs.libraries) {
    if (library.versions.empty() || library.version_text.empty())
      continue;
    for (const fs::path &folder : folders)
      for (const HeaderDefault &header : library.headers)
        if (std::string version = version_in_header(folder / header.header, library.version_text); !version.empty())
          out.emplace(library.name, std::move(version)); // the first folder that has it, as the compiler looks
  }
  return out;
}

Built::Call Built::call_of(const Event &event) {
  return {event.site, event.call, event.place.phase, event.place.process, event.place.thread};
}

void Built::add(const EventSequence &sequence) {
  const bool is_installed = std::ranges::all_of(installed_, [&](const auto &version) {
    const auto simulated = sequence.scenario.find(version.first);
    return simulated == sequence.scenario.end() || simulated->second == version.second;
  });
  if (is_installed)
    for (const Event &event : sequence.events)
      calls_.insert(call_of(event));
}

std::string Built::left_out(const Finding &finding) const {
  if (installed_.empty() ||
      std::ranges::any_of(finding.events, [&](const Event &event) { return calls_.contains(call_of(event)); }))
    return {};
  std::string out = "the call is not made with the installed headers:";
  for (const auto &[library, version] : shown_)
    out += " " + library + " " + version;
  return out;
}

} // namespace initorder
