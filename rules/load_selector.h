// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The keys that say which events are meant, as checks and milestones have them.
#pragma once

#include "rules/yaml_fields.h"

namespace initorder {

/// Reads effects, process, threads, phases and before-fork. The map may have other keys.
void read_event_keys(Fields &fields, Selector &out);

} // namespace initorder
