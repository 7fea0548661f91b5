// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which host pack describes the server that is traced.
#pragma once

#include "rules/packs.h"
#include "rules/result.h"

#include <string>

#include <sys/types.h>

namespace initorder {

/// The one that the user names; null if `name` is empty. Errors: unknown.
Result<const HostPack *> host_named(const Packs &packs, const std::string &name);

/// The host whose pack knows a program of this name. Null: none does.
const HostPack *host_of_program(const Packs &packs, const std::string &program);

/// That of the program which this process runs. Null: none.
const HostPack *host_of_process(const Packs &packs, pid_t pid);

} // namespace initorder
