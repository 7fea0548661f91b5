// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "config/reader.h"

#include "rules/nearest.h"

#include <fmt/format.h>

namespace initorder::config {

Result<void> Reader::open(const std::string &path) {
  if (++opened_ > kMostFiles)
    return mistake("more than " + std::to_string(kMostFiles) + " files are included");
  Result<std::string> text = source_.read(path);
  if (!text)
    return text.error();
  bytes_ += text->size();
  if (bytes_ > kMostBytes)
    return Error{Error::Kind::malformed, path, fmt::format("the configuration has more than {} MiB", kMostBytes >> 20)};
  files_.push_back({path, std::move(*text)});
  return {};
}

bool Reader::close() {
  files_.pop_back();
  return !files_.empty();
}

int Reader::peek(std::size_t ahead) const {
  const File &file = files_.back();
  if (ahead < file.pushed.size())
    return static_cast<unsigned char>(file.pushed[file.pushed.size() - 1 - ahead]);
  const std::size_t offset = file.offset + ahead - file.pushed.size();
  return offset < file.text.size() ? static_cast<unsigned char>(file.text[offset]) : kEnd;
}

int Reader::get() {
  File &file = files_.back();
  const int out = peek();
  if (out == kEnd)
    return out;
  if (!file.pushed.empty()) {
    file.pushed.pop_back();
    return out;
  }
  ++file.offset;
  ++file.column;
  if (out == '\n') {
    ++file.line;
    file.column = 1;
  }
  return out;
}

bool Reader::at(std::string_view text) const {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (peek(i) != static_cast<unsigned char>(text[i]))
      return false;
  return true;
}

void Reader::skip(std::size_t count) {
  while (count-- > 0)
    get();
}

Result<void> Reader::put_back(std::string_view name, const std::string &value) {
  expanded_ += value.size() + 1;
  if (expanded_ > kMostExpanded)
    return mistake("the definition of " + in_quotes(name) + " is replaced without end");
  files_.back().pushed.append(value.rbegin(), value.rend());
  return {};
}

SourcePlace Reader::here() const {
  const File &file = files_.back();
  return {file.path, file.line, file.column};
}

Error Reader::mistake(const SourcePlace &place, std::string what) const {
  return {Error::Kind::malformed, fmt::format("{}:{}", place.file, place.line), std::move(what)};
}

} // namespace initorder::config
