// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What calls do, as libraries and hosts list it under `functions`.
#pragma once

#include "rules/library_pack.h"
#include "rules/yaml_fields.h"

namespace initorder {

/// Reads a list of functions. One entry with `names` becomes one function for each name.
void read(const YamlValue &value, std::vector<LibraryFunction> &out);

} // namespace initorder
