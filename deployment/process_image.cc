// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/process_image.h"

#include "deployment/library_cache.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

namespace initorder::deployment {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostObjects = 4096;

void replace_all(std::string &text, const std::string &what, const std::string &with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size())
    text.replace(at, what.size(), with);
}

/// $ORIGIN and $LIB (ld.so(8)); $LIB has one value on Debian and another elsewhere.
void add_expanded(std::string folder, const std::string &origin, const std::string &name, std::vector<std::string> &out) {
  for (const char *token : {"${ORIGIN}", "$ORIGIN"})
    replace_all(folder, token, origin);
  const bool has_lib = folder.find("$LIB") != folder.npos || folder.find("${LIB}") != folder.npos;
  for (const char *lib : {"lib/x86_64-linux-gnu", "lib64"}) {
    std::string one = folder;
    for (const char *token : {"${LIB}", "$LIB"})
      replace_all(one, token, lib);
    out.push_back(one + "/" + name);
    if (!has_lib)
      break;
  }
}

} // namespace

LibrarySearch LibrarySearch::of_this_machine() {
  LibrarySearch out;
  std::ifstream file("/etc/ld.so.cache", std::ios::binary);
  out.cache = read_library_cache(std::string{std::istreambuf_iterator<char>(file), {}});
  out.folders = {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"};
  if (const char *path = std::getenv("LD_LIBRARY_PATH")) {
    std::string folder;
    for (const char *at = path;; ++at) {
      if (*at != ':' && *at != ';' && *at != '\0') {
        folder += *at;
        continue;
      }
      if (!folder.empty())
        out.library_path.push_back(std::exchange(folder, ""));
      if (*at == '\0')
        break;
    }
  }
  return out;
}

std::optional<std::size_t> ProcessImage::loaded_as(const std::string &name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

ProcessImage ProcessImage::anew() const {
  ProcessImage out(search_);
  out.opened_ = opened_;
  return out;
}

Result<ProcessImage::OpenedFile> ProcessImage::opened(const std::string &path, const std::string &real) const {
  if (const auto known = opened_->find(real); known != opened_->end())
    return known->second;
  const auto object = elf::Object::open(path, path);
  if (!object)
    return object.error();
  return opened_->try_emplace(real, OpenedFile{*object, std::make_shared<elf::Linkage>((*object)->linkage())}).first->second;
}

Result<std::size_t> ProcessImage::add(const std::string &path, std::optional<std::size_t> by, const std::string &name) {
  std::error_code failed;
  const std::string real = fs::canonical(path, failed).string();
  if (failed)
    return Error{Error::Kind::gone, path, failed.message()};
  if (const auto known = loaded_as(real)) {
    by_name_.try_emplace(name, *known);
    return *known;
  }
  if (objects_.size() >= kMostObjects)
    return Error{Error::Kind::unsupported, path, "too many shared objects"};
  const auto file = opened(path, real);
  if (!file)
    return file.error();
  MappedObject object{path, fs::path(path).filename().string(), file->object, file->linkage, {}, by, {}};
  const std::size_t number = objects_.size();
  by_name_.try_emplace(real, number);
  by_name_.try_emplace(name, number);
  if (!object.linkage->soname.empty())
    by_name_.try_emplace(object.linkage->soname, number);
  objects_.push_back(std::move(object));
  return number;
}

/// In the loader's order.
std::vector<std::string> ProcessImage::candidates(const std::string &name, std::size_t by) const {
  if (name.find('/') != name.npos)
    return {name};
  std::vector<std::string> out;
  const auto origin = [&](std::size_t number) { return fs::path(objects_[number].path).parent_path().string(); };
  if (objects_[by].linkage->runpath.empty())
    // DT_RPATH is inherited, from who needs it up to the program.
    for (std::optional<std::size_t> at = by; at;
         at = objects_[*at].needed_by ? objects_[*at].needed_by : *at != 0 ? std::optional<std::size_t>(0) : std::nullopt)
      if (objects_[*at].linkage->runpath.empty())
        for (const std::string &folder : objects_[*at].linkage->rpath)
          add_expanded(folder, origin(*at), name, out);
  for (const std::string &folder : search_.library_path)
    out.push_back(folder + "/" + name);
  for (const std::string &folder : objects_[by].linkage->runpath)
    add_expanded(folder, origin(by), name, out);
  if (const auto cached = search_.cache.find(name); cached != search_.cache.end())
    out.push_back(cached->second);
  for (const std::string &folder : search_.folders)
    out.push_back(folder + "/" + name);
  return out;
}

std::optional<std::size_t> ProcessImage::bring(const std::string &name, std::size_t by) {
  if (const auto known = loaded_as(name))
    return known;
  for (const std::string &path : candidates(name, by))
    if (const auto added = add(path, by, name)) // what is no library of this machine the loader passes over, too
      return *added;
  return std::nullopt;
}

/// Breadth first: what an object needs itself comes before what these need.
void ProcessImage::bring_needs(std::size_t from) {
  for (std::size_t at = from; at < objects_.size(); ++at)
    for (const std::string &name : objects_[at].object->needed()) {
      if (const auto brought = bring(name, at))
        objects_[at].needs.push_back(*brought);
      else
        objects_[at].missing.push_back(name);
    }
}

Result<std::size_t> ProcessImage::load(const std::string &path) {
  const std::size_t before = objects_.size();
  const Result<std::size_t> number = add(path, std::nullopt, path);
  if (number)
    bring_needs(before);
  return number;
}

std::vector<std::size_t> ProcessImage::closure(std::size_t number) const {
  std::vector<std::size_t> out{number};
  std::set<std::size_t> seen{number};
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const std::size_t needed : objects_[out[i]].needs)
      if (seen.insert(needed).second)
        out.push_back(needed);
  return out;
}

} // namespace initorder::deployment
