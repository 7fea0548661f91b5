// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads what a library pack tells inspect.
#pragma once

#include "rules/inspect_hint.h"
#include "rules/yaml_fields.h"

namespace initorder {

void read(const YamlValue &value, ThreadValue &out);
void read(const YamlValue &value, LibraryLock &out);
void read(const YamlValue &value, ObservedState &out);

} // namespace initorder
