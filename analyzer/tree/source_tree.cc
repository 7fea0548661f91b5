// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/tree/source_tree.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <unistd.h>

namespace initorder {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxMarkBytes = 1 << 20; ///< of a file in which a host's mark is looked for

bool holds(const fs::path &root, const FileMark &mark) {
  std::error_code ignored;
  const fs::path file = root / mark.file;
  if (!fs::exists(file, ignored))
    return false;
  if (mark.contains.empty())
    return true;
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxMarkBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text.find(mark.contains) != std::string::npos;
}

const Layout *layout_of(const fs::path &root, const HostPack &host) {
  for (const Layout &layout : host.layouts)
    if (std::all_of(layout.recognise.begin(), layout.recognise.end(),
                    [&](const FileMark &mark) { return holds(root, mark); }))
      return &layout;
  return nullptr;
}

std::string names_of(const std::vector<HostPack> &hosts) {
  std::string out;
  for (const HostPack &host : hosts)
    out += (out.empty() ? "" : ", ") + host.name;
  return out;
}

Result<void> recognise(SourceTree &tree, const std::vector<HostPack> &hosts, const std::string &wanted) {
  bool known = wanted.empty();
  for (const HostPack &host : hosts) {
    if (!wanted.empty() && host.name != wanted)
      continue;
    known = true;
    tree.layout = layout_of(tree.root, host);
    tree.host = &host;
    if (tree.layout)
      return {};
  }
  if (!known)
    return Error{Error::Kind::unknown, {}, "no host pack is called '" + wanted + "'; known: " + names_of(hosts)};
  return Error{Error::Kind::unknown, tree.root.string(),
               "not the source tree of a known host (" + names_of(hosts) +
                   "): give its top folder, or describe the host with --pack FILE"};
}

bool is_below(const std::string &path, const std::string &folder) {
  return folder == "." || path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

/// The module folder that holds `relative`, or empty for the core.
std::string module_folder(const std::string &relative, const Layout &layout) {
  for (const std::string &modules : layout.modules)
    if (is_below(relative, modules)) {
      const std::size_t end = relative.find('/', modules.size() + 1);
      return end == std::string::npos ? std::string() : relative.substr(0, end);
    }
  return {};
}

/// A file that cannot be read must stop the scan: what it would have shown is missing without a trace.
Result<void> add_file(SourceTree &tree, const fs::path &path, const std::string &relative) {
  const std::string extension = path.extension().string();
  const bool source = extension == ".c" || extension == ".cpp" || extension == ".cc";
  if (!source && extension != ".h" && extension != ".hpp")
    return {};
  if (::access(path.c_str(), R_OK) != 0) {
    const bool denied = errno == EACCES;
    return Error{denied ? Error::Kind::denied : Error::Kind::gone, path.string(),
                 denied ? "no permission to read it: the scan would miss what it does"
                        : "cannot be read (a link to nothing?): mend or remove it"};
  }
  (source ? tree.files : tree.headers).push_back({path, relative, 0});
  return {};
}

Result<void> list_files(SourceTree &tree) {
  std::error_code failed;
  fs::recursive_directory_iterator at(tree.root, failed), end;
  if (failed)
    return Error{failed == std::errc::permission_denied ? Error::Kind::denied : Error::Kind::gone, tree.root.string(),
                 "cannot be listed: " + failed.message()};
  for (; at != end; at.increment(failed)) {
    const std::string relative = at->path().lexically_relative(tree.root).generic_string();
    std::error_code ignored;
    if (at->is_directory(ignored) && !at->is_symlink(ignored)) {
      const auto &exclude = tree.layout->exclude;
      if (at->path().filename().string().starts_with('.') ||
          std::find(exclude.begin(), exclude.end(), relative) != exclude.end())
        at.disable_recursion_pending();
    } else if (Result<void> added = add_file(tree, at->path(), relative); !added) {
      return added;
    }
  }
  if (failed)
    return Error{Error::Kind::denied, tree.root.string(), "cannot be listed to its end: " + failed.message()};
  return {};
}

void form_units(SourceTree &tree) {
  std::set<std::string> folders;
  for (const SourceFile &file : tree.files)
    if (std::string folder = module_folder(file.relative, *tree.layout); !folder.empty())
      folders.insert(std::move(folder));
  tree.units.push_back({"core", {}, {}});
  for (const std::string &folder : folders)
    tree.units.push_back({fs::path(folder).filename().string(), folder,
                          read_makefile(tree.root / folder / "Makefile", folder + "/Makefile")});
  const auto place = [&](SourceFile &file) {
    const std::string folder = module_folder(file.relative, *tree.layout);
    const auto unit = std::find_if(tree.units.begin() + 1, tree.units.end(),
                                   [&](const LinkageUnit &candidate) { return candidate.folder == folder; });
    file.unit = folder.empty() || unit == tree.units.end() ? 0 : static_cast<unsigned>(unit - tree.units.begin());
  };
  const auto by_name = [](const SourceFile &a, const SourceFile &b) { return a.relative < b.relative; };
  std::for_each(tree.files.begin(), tree.files.end(), place);
  std::for_each(tree.headers.begin(), tree.headers.end(), place);
  std::sort(tree.files.begin(), tree.files.end(), by_name);
  std::sort(tree.headers.begin(), tree.headers.end(), by_name);
}

} // namespace

Result<SourceTree> read_source_tree(const fs::path &root, const std::vector<HostPack> &hosts,
                                    const std::string &host_name) {
  SourceTree tree;
  std::error_code failed;
  tree.root = fs::canonical(root, failed);
  if (failed || !fs::is_directory(tree.root, failed))
    return Error{Error::Kind::gone, root.string(), failed ? failed.message() : "not a folder"};
  if (Result<void> known = recognise(tree, hosts, host_name); !known)
    return known.error();
  if (Result<void> listed = list_files(tree); !listed)
    return listed.error();
  form_units(tree);
  if (tree.files.empty())
    return Error{Error::Kind::gone, root.string(), "holds no C source file"};
  return tree;
}

} // namespace initorder
