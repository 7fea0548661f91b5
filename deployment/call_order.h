// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which of two calls comes first, as far as machine code shows it: they are found in the order of their addresses, as a rule
// that of the source, but a compiler moves the end of a function away.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/process_image.h"

#include <vector>

namespace initorder::deployment {

/// Whether `call`, on each of its ways, may be followed by one of `others`. All are of `calls`, a walk through the file.
bool may_be_followed(const MappedObject &file, const CodeCalls &calls, const CodeCall &call,
                     const std::vector<const CodeCall *> &others);

} // namespace initorder::deployment
