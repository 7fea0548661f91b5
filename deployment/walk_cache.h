// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks through machine code that have been made. What code does depends on its file and on what is known, not on the load
// order: deployments that differ little share them.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/process_image.h"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace initorder::deployment {

class WalkCache {
public:
  /// As calls_from().
  const CodeCalls &calls(const MappedObject &object, const CodeFacts &facts, FileAddr entry,
                         const std::vector<std::int64_t> &arguments);

private:
  /// One object's, under the same facts. What has been found points into both.
  struct Walked {
    std::shared_ptr<const elf::Linkage> linkage;
    CodeFacts facts;
    std::map<std::pair<FileAddr, std::vector<std::int64_t>>, CodeCalls> calls;
  };
  std::map<std::shared_ptr<const elf::Object>, std::list<Walked>> walked_;
};

} // namespace initorder::deployment
