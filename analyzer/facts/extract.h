// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The edge to Clang: a C file and its flags in, facts out. Nothing past this header knows Clang.
#pragma once

#include "analyzer/facts/facts.h"
#include "rules/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace initorder {

/// A macro of a library's version header.
struct VersionMacro {
  std::string name;
  std::string text; ///< one token; empty: not defined
};

/// A library by whose version a tree may be another tree.
struct VersionedLibrary {
  std::string variable;                            ///< by whose value a merged function chooses: "version:openssl"
  std::vector<std::vector<VersionMacro>> versions; ///< by version: all its macros
  std::vector<unsigned> wanted;                    ///< the versions to read, by index; never empty
};

/// What is the same for all files of a tree.
struct ExtractContext {
  std::filesystem::path root;
  std::unordered_set<std::string> header_functions; ///< functions whose bodies are read in headers too
  std::unordered_set<std::string> records;          ///< structure names whose aliases are wanted
  std::unordered_set<std::string> parameter_records; ///< structures by which a module names its parameters' variables
  bool reads_own_headers = false; ///< every body in the headers of the file's own folder is read
  std::vector<std::pair<std::string, std::vector<std::string>>> header_defaults; ///< header, -D when it is not found
  std::vector<VersionedLibrary> libraries;
};

/// One file to read: arguments are those of the compiler, without the compiler and the file.
struct ExtractJob {
  std::filesystem::path file; ///< absolute
  std::filesystem::path directory;
  std::vector<std::string> arguments;
};

/// Reads files one after the other. One extractor per thread.
class Extractor {
public:
  explicit Extractor(const ExtractContext &context);
  ~Extractor();
  Extractor(const Extractor &) = delete;

  /// Where a file asks for a library's version, what it is in each is merged: such functions begin with a choice.
  /// Parsing goes on past errors and missing headers; `errors` in the facts counts them.
  /// Errors: malformed (flags that the compiler does not take), denied, gone.
  Result<TranslationUnitFacts> extract(const ExtractJob &job);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace initorder
