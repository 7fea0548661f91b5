// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "deployment/deployment.h"
#include "rules/library_pack.h"

#include <string>

namespace initorder::deployment {

/// The version of a library that the deployment's processes have, as the library's own text tells it: "3.0.20". Empty: it
/// is not there, or there in several versions, or the pack does not know the text.
std::string version_of(const LibraryPack &library, const Deployment &deployment);

/// The version of the pack's that stands for this one: the last that is not later. Empty: none, or not known.
std::string known_version(const LibraryPack &library, const std::string &version);

} // namespace initorder::deployment
