// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the installed headers make of a tree. All versions of a library are simulated; a call that is in none of the
// start-ups of the installed version is behind an #if for another one, and not in the program that is built here.
#pragma once

#include "rules/finding.h"
#include "rules/packs.h"

#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace initorder {

/// "3.0.19" where the header says `"OpenSSL 3.0.19 27 Jan 2026"`; empty where it is not there or does not say.
std::string version_in_header(const std::filesystem::path &header, const std::string &before);

/// The version of each library whose headers stand in one of `folders`, by the library's name. Only of libraries whose
/// packs list versions.
Scenario installed_versions(const Packs &packs, const std::vector<std::filesystem::path> &folders);

/// Which calls are made in the start-ups that the installed versions have.
class Built {
public:
  /// `installed` has the versions as the packs list them ("3.0"), `shown` as they are for people ("3.0.19").
  Built(Scenario installed, Scenario shown) : installed_(std::move(installed)), shown_(std::move(shown)) {}

  void add(const EventSequence &sequence);

  /// Why the finding is not in what is built here: "not with the installed openssl 3.0.19". Empty: it is.
  std::string left_out(const Finding &finding) const;

private:
  using Call = std::tuple<SourcePlace, std::string, std::string, ProcessRole, ThreadRole>;

  static Call call_of(const Event &event);

  Scenario installed_;
  Scenario shown_;
  std::set<Call> calls_;
};

} // namespace initorder
