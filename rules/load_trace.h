// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What packs tell the tracer: `trace` of a function, and of a host.
#pragma once

#include "rules/library_pack.h"
#include "rules/trace_hint.h"
#include "rules/yaml_fields.h"

namespace initorder {

void read(const YamlValue &value, TraceHint &out);

/// `functions`: those of the host, whose traced arguments it may name.
void read_host_trace(const YamlValue &value, const std::vector<LibraryFunction> &functions, HostTrace &out);

} // namespace initorder
