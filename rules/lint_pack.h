// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What can be read, and hardly means what it says, in one pack among others.
#pragma once

#include "rules/lint.h"
#include "rules/lint_names.h"

namespace initorder {

struct Company {
  const Packs &packs; ///< all, the one that is looked at among them
  EffectNames effects;
  NameSet awaited;
};

void lint_host(const HostPack &host, const Company &company, std::vector<Remark> &out);
void lint_library(const LibraryPack &library, const Company &company, std::vector<Remark> &out);
void lint_check(const Check &check, const std::string &file, const Company &company, std::vector<Remark> &out);

} // namespace initorder
