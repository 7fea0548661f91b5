// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens a pack's file, which is hostile too: a folder, a pipe, a gigabyte.
#include "rules/yaml_reader.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

namespace initorder {

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

Error unreadable(const std::string &file, int number) {
  if (number == ENOENT || number == ENOTDIR)
    return {Error::Kind::gone, file, "no such file"};
  if (number == EACCES || number == EPERM)
    return {Error::Kind::denied, file, "no permission to read it"};
  return {Error::Kind::malformed, file, "cannot be read: " + std::generic_category().message(number)};
}

Result<std::string> text_of(const std::filesystem::path &path) {
  const std::string file = path.generic_string();
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return unreadable(file, ENOENT);
  if (error)
    return unreadable(file, error.value());
  // Opening a pipe would wait for its other end.
  if (status.type() != std::filesystem::file_type::regular)
    return Error{Error::Kind::malformed, file, "not a regular file"};

  struct Close {
    void operator()(std::FILE *stream) const noexcept { std::fclose(stream); }
  };
  const std::unique_ptr<std::FILE, Close> stream(std::fopen(path.c_str(), "rb"));
  if (!stream)
    return unreadable(file, errno);
  std::string text(kMostBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
  if (std::ferror(stream.get()))
    return unreadable(file, errno);
  if (text.size() > kMostBytes)
    return Error{Error::Kind::malformed, file, "larger than 1 MiB: no pack is"};
  return text;
}

} // namespace

Result<Document> Document::open(const std::filesystem::path &file) {
  Result<std::string> text = text_of(file);
  if (!text)
    return text.error();
  Document document;
  document.file_ = file.generic_string();
  Result<YamlNode> root = parse_yaml(*text, document.file_);
  if (!root)
    return root.error();
  document.root_ = std::move(*root);
  if (!document.root_.is_map())
    return Error{Error::Kind::malformed, document.file_ + ":1:1", "a pack must be a map (key: value)"};
  return document;
}

} // namespace initorder
