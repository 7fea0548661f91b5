// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations that lie in a map.
#pragma once

#include "config/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace initorder::config {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

inline HostConfig words() {
  HostConfig out;
  out.load_module = {"loadmodule", "loadmodulex"};
  out.module_path = {"loadpath", "mpath"};
  out.module_parameter = {"modparam", "modparamx"};
  out.include = {"include_file"};
  out.import = {"import_file"};
  out.variables.push_back({{"threads_mode"}, "mode", ""});
  return out;
}

class Parsed {
public:
  Parsed &file(const std::string &path, const std::string &text) {
    files_[path] = text;
    return *this;
  }
  Parsed &define(const std::string &name, std::optional<std::string> value = std::nullopt) {
    source_.definitions[name] = {std::move(value), true};
    return *this;
  }
  Parsed &environment(const std::string &name, const std::string &value) {
    environment_[name] = value;
    return *this;
  }
  Result<Config> result(const std::string &text) {
    files_["server.cfg"] = text;
    source_.read = [this](const std::string &path) -> Result<std::string> {
      const auto found = files_.find(path);
      if (found == files_.end())
        return Error{Error::Kind::gone, path, "No such file or directory"};
      return found->second;
    };
    source_.environment = [this](const std::string &name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    return parse("server.cfg", words(), source_);
  }
  Config config(const std::string &text) {
    Result<Config> parsed = result(text);
    EXPECT_TRUE(parsed.has_value()) << parsed.error().text();
    return parsed ? std::move(*parsed) : Config{};
  }
  /// The modules' names, those that may be loaded with a '?'.
  std::vector<std::string> modules(const std::string &text) {
    std::vector<std::string> out;
    for (const LoadedModule &module : config(text).modules)
      out.push_back(module.name + (module.guard.certainty == Certainty::maybe ? "?" : ""));
    return out;
  }
  /// "file:line: what", or "no error".
  std::string error(const std::string &text) {
    const Result<Config> parsed = result(text);
    return parsed ? "no error" : parsed.error().text();
  }

private:
  std::map<std::string, std::string> files_, environment_;
  Source source_;
};

} // namespace initorder::config
