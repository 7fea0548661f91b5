// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The small server that fixtures/ makes, with a configuration of the test's own.
#pragma once

#include "deployment/deployment.h"
#include "deployment/hints.h"
#include "deployment/verdict.h"
#include "rules/packs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace initorder::deployment {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

inline std::string made(const std::string &name) {
  return std::string(INITORDER_MADE) + "/" + name;
}

class SmallServer : public testing::Test {
protected:
  SmallServer();
  ~SmallServer() override;

  /// Errors end the test.
  Deployment deployed(const std::string &config, const std::string &program = made("server"));
  /// "rule module call", with a '?' behind what is a maybe.
  std::vector<std::string> verdict(const std::string &config);
  std::vector<std::string> hints(const std::string &config);

  Packs packs_;
  std::filesystem::path folder_;
};

} // namespace initorder::deployment
