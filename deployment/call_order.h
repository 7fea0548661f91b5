// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which of two calls comes first, as far as machine code shows it: they are found in the order of their addresses, as a
// rule that of the source, but a compiler moves the end of a function away.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/process_image.h"

#include <map>
#include <vector>

namespace initorder::deployment {

/// Of the calls of one walk through a file.
class CallOrder {
public:
  CallOrder(const MappedObject &file, const CodeCalls &calls) : file_(file), calls_(calls) {}

  /// Whether `call`, on each of its ways, may be followed by one of `others`.
  bool may_be_followed(const CodeCall &call, const std::vector<const CodeCall *> &others);

private:
  using Way = std::vector<FileAddr>; ///< sites of calls, outermost first, the last that of the call itself

  std::vector<Way> ways_to(const CodeCall &call) const;
  void add_ways(FileAddr function, Way way, std::vector<Way> &out) const;
  bool may_follow(const Way &first, const Way &second);

  const MappedObject &file_;
  const CodeCalls &calls_;
  std::map<FileAddr, Reach> reaches_;
};

} // namespace initorder::deployment
