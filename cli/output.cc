// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/output.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include <fcntl.h>
#include <unistd.h>

namespace initorder {

namespace fs = std::filesystem;

namespace {

/// A file that is removed unless it was kept.
struct Temporary {
  fs::path path;
  bool kept = false;
  ~Temporary() {
    std::error_code ignored;
    if (!kept)
      fs::remove(path, ignored);
  }
};

Error cannot_write(const fs::path &path, int sys_errno) {
  const std::string why = sys_errno == 0 ? "" : std::string(": ") + std::strerror(sys_errno);
  return {Error::Kind::unsupported, path.string(), "cannot be written" + why};
}

Result<void> write_to(std::ostream &stream, const fs::path &name, const std::function<void(std::ostream &)> &writer) {
  errno = 0;
  writer(stream);
  stream.flush();
  if (!stream)
    return cannot_write(name, errno);
  return {};
}

/// A device or a pipe: renaming over it would replace it.
bool is_special(const fs::path &path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status);
}

} // namespace

Result<Output> Output::to(const std::string &path) {
  if (path.empty() || path == "-")
    return Output(fs::path());
  std::error_code error;
  // A link stays a link: the file that it names is written.
  fs::path target = fs::weakly_canonical(fs::absolute(path), error);
  if (error)
    return Error{Error::Kind::gone, path, "cannot be written: " + error.message()};
  if (fs::is_directory(target, error))
    return Error{Error::Kind::malformed, path, "is a folder: name a file"};
  const fs::path folder = target.parent_path();
  if (!fs::is_directory(folder, error))
    return Error{Error::Kind::gone, path, "cannot be written: its folder does not exist"};
  const bool writable = fs::exists(target, error) && ::access(target.c_str(), W_OK) != 0
                            ? false
                            : is_special(target) || ::access(folder.c_str(), W_OK | X_OK) == 0;
  if (!writable)
    return Error{Error::Kind::denied, path, "cannot be written: no permission"};
  return Output(std::move(target));
}

Result<void> Output::write(const std::function<void(std::ostream &)> &writer) const {
  if (is_standard())
    return write_to(std::cout, "standard output", writer);
  if (is_special(target_)) {
    std::ofstream stream(target_);
    return write_to(stream, target_, writer);
  }
  const std::string name = "." + target_.filename().string() + "." + std::to_string(::getpid()) + ".tmp";
  Temporary temporary{target_.parent_path() / name};
  const int fd = ::open(temporary.path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0) {
    temporary.kept = true; // whatever has this name is not ours
    return cannot_write(temporary.path, errno);
  }
  ::close(fd);
  {
    std::ofstream stream(temporary.path);
    if (Result<void> written = write_to(stream, target_, writer); !written)
      return written;
  }
  std::error_code error;
  if (fs::exists(target_, error))
    fs::permissions(temporary.path, fs::status(target_).permissions(), error);
  fs::rename(temporary.path, target_, error);
  if (error)
    return cannot_write(target_, error.value());
  temporary.kept = true;
  return {};
}

} // namespace initorder
