// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which file a loadmodule means, and what a server's files say of themselves.
#pragma once

#include "config/config.h"
#include "rules/host_config.h"
#include "rules/trace_hint.h"
#include "tracer/elf/object.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder::deployment {

/// The file of a module; empty: it is in none of the folders.
std::string file_of(const config::LoadedModule &module, const std::vector<std::string> &folders, const HostConfig &host);

/// The number in a text like "kamailio 5.6.3 (x86_64/linux)"; empty: it has none.
std::string version_in(const std::string &text);

/// Where a module's functions stand in its memory: the first layout of the pack that fits; null: none.
const TracedModules *layout_of(const elf::Object &object, const std::string &module, const HostTrace &trace);
/// The text that a pointer of the object points to.
std::string text_behind(const elf::Object &object, const elf::Linkage &linkage, const std::string &symbol);
/// The symbol of the layout in this module: "exports", "_tls_exports".
std::string symbol_of(const TracedModules &layout, const std::string &module);

} // namespace initorder::deployment
