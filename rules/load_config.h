// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a host's configuration is like: `config` of a host pack.
#pragma once

#include "rules/host_config.h"
#include "rules/host_pack.h"
#include "rules/yaml_fields.h"

namespace initorder {

/// `variables`: the host's scenario variables, which parameters may set.
void read_host_config(const YamlValue &value, const std::vector<ScenarioVariable> &variables, HostConfig &out);

} // namespace initorder
