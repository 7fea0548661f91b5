// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/tree/makefile.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace initorder {
namespace {

constexpr unsigned kMaxLines = 20000; ///< of one Makefile; what comes after is not read

/// "DEFS += -DX" gives "DEFS" and "-DX"; a line that assigns nothing gives an empty name.
std::pair<std::string, std::string> split_assignment(const std::string &line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string::npos)
    return {};
  std::string name = line.substr(0, equals);
  while (!name.empty() && std::string_view(" \t+:?").find(name.back()) != std::string_view::npos)
    name.pop_back();
  name.erase(0, name.find_first_not_of(" \t"));
  return {name, line.substr(equals + 1)};
}

/// How deep in ifeq … endif the line leaves us.
void follow_conditional(const std::string &first_word, int &depth) {
  if (first_word == "ifeq" || first_word == "ifneq" || first_word == "ifdef" || first_word == "ifndef")
    ++depth;
  else if (first_word == "endif")
    depth = std::max(0, depth - 1);
}

/// The words of a value as a shell would pass them on, without its quotes.
std::vector<std::string> words_of(const std::string &value) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool any = false;
  for (const char c : value) {
    if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || (c == '"' && word.find('=') == std::string::npos)) {
      quote = c;
      any = true;
    } else if (c == '#') {
      break;
    } else if (c == ' ' || c == '\t' || c == '\\') {
      if (any || !word.empty())
        words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
    }
  }
  if (!word.empty())
    words.push_back(word);
  return words;
}

} // namespace

MakefileFacts read_makefile(const std::filesystem::path &file, const std::string &shown) {
  MakefileFacts facts;
  std::ifstream in(file);
  std::string line, name;
  int depth = 0;
  bool continues = false;
  for (unsigned number = 1; number <= kMaxLines && std::getline(in, line); ++number) {
    std::string value = line;
    if (!continues) {
      std::string first_word;
      std::istringstream(line) >> first_word;
      follow_conditional(first_word, depth);
      std::tie(name, value) = split_assignment(line);
    }
    continues = line.ends_with('\\');
    if (name != "DEFS" && name != "LIBS")
      continue;
    for (const std::string &word : words_of(value)) {
      if (word.find('$') != std::string::npos)
        continue;
      if (name == "DEFS" && depth == 0 && (word.starts_with("-D") || word.starts_with("-I")) && word.size() > 2)
        facts.flags.push_back(word);
      else if (name == "LIBS" && word.starts_with("-l") && word.size() > 2)
        facts.libraries.push_back({word.substr(2), {shown, number, static_cast<unsigned>(line.find(word) + 1)}});
    }
  }
  return facts;
}

} // namespace initorder
