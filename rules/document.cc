// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens a YAML file. The text is hostile until it has passed `Guard`: from there it is one document of
// bounded size and depth without aliases, so that nothing in it stands for more than its own length.
#include "rules/nearest.h"
#include "rules/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <sstream>
#include <system_error>

namespace initorder {

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;
constexpr int kDeepest = 16; ///< the deepest pack nests 8 levels

/// Refuses what a pack has no use for, by yaml-cpp's own exception, since that carries the place.
class Guard : public YAML::EventHandler {
public:
  void OnDocumentStart(const YAML::Mark &mark) override {
    if (++documents_ > 1)
      throw YAML::ParserException(mark, "a pack is one document: remove '---' and what follows");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark &, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override {
    throw YAML::ParserException(mark, "aliases (*name) are not allowed: write the value out");
  }
  void OnScalar(const YAML::Mark &, const std::string &, YAML::anchor_t, const std::string &) override {}
  void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    enter(mark);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t, YAML::EmitterStyle::value) override {
    enter(mark);
  }
  void OnMapEnd() override { --depth_; }

private:
  void enter(const YAML::Mark &mark) {
    if (++depth_ > kDeepest)
      throw YAML::ParserException(mark,
                                  "nested too deeply: no pack has more than " + std::to_string(kDeepest) + " levels");
  }
  int depth_ = 0;
  int documents_ = 0;
};

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
  try {
    std::istringstream guarded(*text);
    YAML::Parser parser(guarded);
    Guard guard;
    while (parser.HandleNextDocument(guard))
      continue;
    document.root_ = YAML::Load(*text);
  } catch (const YAML::Exception &exception) {
    return Error{Error::Kind::malformed, document.where(exception.mark), one_line(exception.msg)};
  }
  if (!document.root_.IsMap())
    return Error{Error::Kind::malformed, document.file_ + ":1:1", "a pack must be a map (key: value)"};
  return document;
}

} // namespace initorder
