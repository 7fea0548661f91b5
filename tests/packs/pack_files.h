// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes packs into a folder of its own, which goes away with the test.
#pragma once

#include "rules/packs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace initorder {

class PackFiles : public ::testing::Test {
protected:
  PackFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "initorder-XXXXXX").string();
    if (!mkdtemp(name.data()))
      ADD_FAILURE() << "no temporary folder: " << name;
    folder_ = name;
  }
  ~PackFiles() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string &file, const std::string &text) const {
    const std::filesystem::path path = folder_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
  const std::filesystem::path &folder() const { return folder_; }

  /// The error's text with this test's folder taken out: "a.yaml:1:2: unknown key ...".
  template <class T> std::string error_of(const Result<T> &result) const {
    if (result)
      return "no error";
    std::string text = result.error().text();
    if (const std::string prefix = folder_.string() + "/"; text.starts_with(prefix))
      text.erase(0, prefix.size());
    return text;
  }

private:
  std::filesystem::path folder_;
};

inline const std::string kLibrary = R"yaml(library: small
about: "a small library"
functions:
  - name: set_up
    effects: [{effect: set-up}]
    source: "small(3)"
)yaml";

inline const std::string kHost = R"yaml(host: server
title: "a server"
layouts:
  - name: all
    recognise: [{file: main.c}]
phases:
  - {id: start, title: "start", before-fork: true, source: "main.c"}
  - {id: work, title: "work", process: worker, source: "main.c"}
milestones:
  - id: ready
    title: "all is set up"
    alternatives: [{effect: set-up, phases: [start], module: m}, {phase-begins: work}]
)yaml";

inline const std::string kCheck = R"yaml(id: too-early
title: "set up too early"
why: "because"
fix: "later"
sources: ["small(3)"]
patterns:
  - match: {effects: [set-up], phases: [start], before: ready}
    says: "'{call}' sets up too early"
)yaml";

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

} // namespace initorder
