// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/packs.h"

#include "rules/cross_check.h"
#include "rules/nearest.h"
#include "rules/yaml_reader.h"

#include <algorithm>
#include <system_error>

namespace initorder {

namespace {

namespace fs = std::filesystem;

Error folder_error(const fs::path &folder, const std::error_code &error) {
  const std::string where = folder.generic_string();
  if (error == std::errc::no_such_file_or_directory)
    return {Error::Kind::gone, where, "no such folder"};
  if (error == std::errc::not_a_directory)
    return {Error::Kind::gone, where, "not a folder"};
  if (error == std::errc::permission_denied)
    return {Error::Kind::denied, where, "no permission to list it"};
  return {Error::Kind::malformed, where, "cannot be listed: " + error.message()};
}

/// The packs in one folder, by name; none if there is no such folder. Hidden files are an editor's own.
Result<std::vector<fs::path>> packs_in(const fs::path &folder) {
  std::vector<fs::path> out;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  if (error == std::errc::no_such_file_or_directory)
    return out;
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path &path = entry->path();
    if (path.extension() == ".yaml" && !path.filename().string().starts_with('.'))
      out.push_back(path);
  }
  if (error)
    return folder_error(folder, error);
  std::sort(out.begin(), out.end());
  return out;
}

/// Adds each pack of a folder, read by `load`, to `out`.
template <class Pack>
Result<void> load_all(const fs::path &folder, Result<Pack> (*load)(const fs::path &, std::vector<Error> *),
                      std::vector<Pack> &out) {
  const Result<std::vector<fs::path>> files = packs_in(folder);
  if (!files)
    return files.error();
  for (const fs::path &file : *files) {
    Result<Pack> pack = load(file, nullptr);
    if (!pack)
      return pack.error();
    out.push_back(std::move(*pack));
  }
  return {};
}

/// Puts a pack in the place of the one with the same name, else at the end.
template <class Pack>
Result<void> replace_or_add(Result<Pack> pack, std::string Pack::*name, std::vector<Pack> &packs) {
  if (!pack)
    return pack.error();
  const auto same =
      std::find_if(packs.begin(), packs.end(), [&](const Pack &other) { return other.*name == (*pack).*name; });
  if (same != packs.end())
    *same = std::move(*pack);
  else
    packs.push_back(std::move(*pack));
  return {};
}

void sort_checks(std::vector<Check> &checks) {
  std::sort(checks.begin(), checks.end(), [](const Check &a, const Check &b) { return a.id < b.id; });
}

/// The first key of a pack says what it is. Errors: gone, denied, malformed.
Result<std::string> first_key(const fs::path &file) {
  const Result<Document> document = Document::open(file);
  if (!document)
    return document.error();
  const YamlNode &root = document->root();
  if (root.items.empty() || !root.items[0].is_scalar())
    return Error{Error::Kind::malformed, file.generic_string() + ":1:1",
                 "a pack begins with 'host:', 'library:' or 'id:'"};
  return root.items[0].text;
}

} // namespace

Result<Packs> load_packs(const fs::path &folder) {
  std::error_code error;
  if (fs::directory_iterator(folder, error); error)
    return folder_error(folder, error);
  Packs packs;
  if (Result<void> loaded = load_all(folder / "hosts", load_host_pack, packs.hosts); !loaded)
    return loaded.error();
  if (Result<void> loaded = load_all(folder / "libraries", load_library_pack, packs.libraries); !loaded)
    return loaded.error();
  if (Result<void> loaded = load_all(folder / "checks", load_check, packs.checks); !loaded)
    return loaded.error();
  if (packs.hosts.empty() && packs.libraries.empty() && packs.checks.empty())
    return Error{Error::Kind::gone, folder.generic_string(),
                 "no packs here: expected hosts/*.yaml, libraries/*.yaml and checks/*.yaml"};
  sort_checks(packs.checks);
  if (Result<void> checked = cross_check(packs); !checked)
    return checked.error();
  return packs;
}

Result<std::vector<fs::path>> pack_files(const fs::path &folder) {
  std::error_code error;
  if (fs::directory_iterator(folder, error); error)
    return folder_error(folder, error);
  std::vector<fs::path> out;
  for (const fs::path &part : {folder / "hosts", folder / "libraries", folder / "checks", folder}) {
    if (part == folder && !out.empty())
      break;
    Result<std::vector<fs::path>> files = packs_in(part);
    if (!files)
      return files.error();
    out.insert(out.end(), files->begin(), files->end());
  }
  if (out.empty())
    return Error{Error::Kind::gone, folder.generic_string(), "no packs here: expected *.yaml"};
  return out;
}

Result<void> put_pack(Packs &packs, const fs::path &file, std::vector<Error> *mistakes) {
  const Result<std::string> key = first_key(file);
  if (!key)
    return key.error();
  if (*key == "host")
    return replace_or_add(load_host_pack(file, mistakes), &HostPack::name, packs.hosts);
  if (*key == "library")
    return replace_or_add(load_library_pack(file, mistakes), &LibraryPack::name, packs.libraries);
  if (*key == "id")
    return replace_or_add(load_check(file, mistakes), &Check::id, packs.checks);
  return Error{Error::Kind::malformed, file.generic_string() + ":1:1",
               "a pack begins with 'host:', 'library:' or 'id:', not " + in_quotes(*key)};
}

Result<void> add_pack(Packs &packs, const fs::path &file) {
  Packs changed = packs;
  if (Result<void> put = put_pack(changed, file); !put)
    return put;
  sort_checks(changed.checks);
  if (Result<void> checked = cross_check(changed); !checked)
    return checked;
  packs = std::move(changed);
  return {};
}

Packs predicted(Packs packs) {
  const auto drop_from = [](std::vector<LibraryFunction> &functions) {
    for (LibraryFunction &function : functions)
      std::erase_if(function.effects, [](const CallEffect &effect) { return !effect.predicted; });
  };
  for (HostPack &host : packs.hosts)
    drop_from(host.functions);
  for (LibraryPack &library : packs.libraries)
    drop_from(library.functions);
  return packs;
}

} // namespace initorder
