// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/object.h"

#include <map>
#include <tuple>

#include <sys/stat.h>

namespace initorder::elf {

struct ObjectCache::Parts {
  /// Device, inode, size, seconds and nanoseconds of the last change.
  using Key = std::tuple<dev_t, ino_t, off_t, time_t, long>;
  std::map<Key, std::shared_ptr<const Object>> objects;
};

ObjectCache::ObjectCache() : parts_(std::make_unique<Parts>()) {}
ObjectCache::~ObjectCache() = default;

Result<std::shared_ptr<const Object>> ObjectCache::open(const std::filesystem::path &path, const std::string &name) {
  struct stat status {};
  // What cannot be asked is left to Object::open() to say why.
  if (::stat(path.c_str(), &status) != 0)
    return Object::open(path, name);
  const Parts::Key key{status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  if (const auto known = parts_->objects.find(key); known != parts_->objects.end())
    return known->second;
  auto opened = Object::open(path, name);
  if (opened)
    parts_->objects.emplace(key, *opened);
  return opened;
}

} // namespace initorder::elf
