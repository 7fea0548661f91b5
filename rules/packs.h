// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads packs from YAML. A mistake in a pack is one Error with file:line:column.
#pragma once

#include "rules/check.h"
#include "rules/host_pack.h"
#include "rules/library_pack.h"
#include "rules/result.h"

#include <filesystem>
#include <vector>

namespace initorder {

struct Packs {
  std::vector<HostPack> hosts;
  std::vector<LibraryPack> libraries;
  std::vector<Check> checks; ///< sorted by id
};

/// The error is the first mistake; `mistakes`, if given, gets as many as are worth telling.
Result<HostPack> load_host_pack(const std::filesystem::path &file, std::vector<Error> *mistakes = nullptr);
Result<LibraryPack> load_library_pack(const std::filesystem::path &file, std::vector<Error> *mistakes = nullptr);
Result<Check> load_check(const std::filesystem::path &file, std::vector<Error> *mistakes = nullptr);

/// Reads hosts/*.yaml, libraries/*.yaml and checks/*.yaml below `folder`, then checks what they say of
/// each other: a phase or milestone that a check names must be in some host pack, an effect that
/// a check names must be made by some pack. Errors: gone, denied, malformed, unknown.
Result<Packs> load_packs(const std::filesystem::path &folder);

/// Reads one more file: a host, a library or a check, whichever its first key says (`host`, `library` or
/// `id`). It replaces the one of the same name, if there is one; then the packs are checked against
/// each other again. On an error `packs` is as before. Errors: as load_packs().
Result<void> add_pack(Packs &packs, const std::filesystem::path &file);

/// Reads one more file like add_pack(), and checks nothing but the file itself: not what the packs say of each other.
Result<void> put_pack(Packs &packs, const std::filesystem::path &file, std::vector<Error> *mistakes = nullptr);

/// The packs below a folder: hosts/*.yaml, libraries/*.yaml and checks/*.yaml, or else its own *.yaml. Errors: gone,
/// denied, malformed.
Result<std::vector<std::filesystem::path>> pack_files(const std::filesystem::path &folder);

/// The packs without the effects that only a tracer reads. Hosts and libraries keep their order.
Packs predicted(Packs packs);

} // namespace initorder
