// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The objects of a process, as the loader would bring them in: the program's, then each module's, with all that they
// need (ld.so(8), "dlopen"). Nothing is run.
#pragma once

#include "tracer/elf/object.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace initorder::deployment {

/// Where the loader looks. `root`: where the deployment's "/" is for us.
struct LibrarySearch {
  std::vector<std::string> library_path;    ///< LD_LIBRARY_PATH
  std::map<std::string, std::string> cache; ///< ld.so.cache
  std::vector<std::string> folders;         ///< the loader's own

  /// Those of this machine and this environment.
  static LibrarySearch of_this_machine();
};

/// One shared object, or the program.
struct MappedObject {
  std::string path;
  std::string file; ///< "libcrypto.so.3"
  std::shared_ptr<const elf::Object> object;
  std::shared_ptr<const elf::Linkage> linkage;
  std::vector<std::size_t> needs;       ///< numbers of objects, in the order of DT_NEEDED
  std::optional<std::size_t> needed_by; ///< who brought it in; none: the program or a module
  std::vector<std::string> missing;     ///< what it needs and nobody has
};

class ProcessImage {
public:
  explicit ProcessImage(LibrarySearch search)
      : search_(std::move(search)), opened_(std::make_shared<std::map<std::string, OpenedFile>>()) {}
  /// One that is empty. The files that this one has opened it does not open again.
  ProcessImage anew() const;

  /// Brings in a program or a module with all that it needs. Its number. Errors: as elf::Object::open().
  Result<std::size_t> load(const std::string &path);

  const std::vector<MappedObject> &objects() const { return objects_; }
  /// The object and all that it needs, each once, the object first: breadth first, as the loader orders them.
  std::vector<std::size_t> closure(std::size_t number) const;

private:
  struct OpenedFile {
    std::shared_ptr<const elf::Object> object;
    std::shared_ptr<const elf::Linkage> linkage;
  };
  Result<OpenedFile> opened(const std::string &path, const std::string &real) const;
  std::optional<std::size_t> loaded_as(const std::string &name) const;
  std::optional<std::size_t> bring(const std::string &name, std::size_t by);
  Result<std::size_t> add(const std::string &path, std::optional<std::size_t> by, const std::string &name);
  std::vector<std::string> candidates(const std::string &name, std::size_t by) const;
  void bring_needs(std::size_t from);

  LibrarySearch search_;
  std::shared_ptr<std::map<std::string, OpenedFile>> opened_; ///< by canonical path
  std::vector<MappedObject> objects_;
  std::map<std::string, std::size_t> by_name_; ///< names under which they were asked for, sonames, paths
};

} // namespace initorder::deployment
