// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a module's functions stand that the host runs.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/deployment.h"

#include <optional>
#include <vector>

namespace initorder::deployment {

/// What the phase runs of this module, by the entry. The module has an object.
std::vector<FileAddr> addresses_of(const Deployment &deployment, const InstalledModule &module, const Phase &phase,
                                   const EntryPoint &entry);

/// The word of a table's field, where the call passes the table's address.
std::optional<FileAddr> field_of(const CodeCall &call, const FunctionTable &table, const FunctionTable::Field &field);

} // namespace initorder::deployment
