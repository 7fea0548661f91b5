// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The phases of a host, with the entry points through which they reach its modules.
#pragma once

#include "rules/host_pack.h"
#include "rules/yaml_fields.h"

namespace initorder {

void read(const YamlValue &value, Phase &out);

} // namespace initorder
