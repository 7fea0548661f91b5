// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the dynamic loader has loaded, in load order: r_debug and link_map (elf(5), <link.h>), read from memory.
#pragma once

#include "rules/result.h"
#include "tracer/address.h"
#include "tracer/elf/object.h"
#include "tracer/remote_memory.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace initorder::elf {

/// One object of a process. `object` is null where the file cannot be read (deleted, no permission, the vdso).
struct Loaded {
  std::string path;         ///< as the process sees it; the program itself has the path of its executable
  std::uint64_t bias = 0;   ///< l_addr
  std::shared_ptr<const Object> object;
};

/// Where the dynamic loader keeps its list, and the function that it calls when the list changes.
struct Rendezvous {
  RemoteAddr r_debug{};
  RemoteAddr r_brk{};       ///< _dl_debug_state; 0: not initialised yet
};

/// From the program's DT_DEBUG. None: static, or the loader has not come that far. Errors: malformed.
Result<std::optional<Rendezvous>> find_rendezvous(const RemoteMemory &memory, const Object &program, std::uint64_t bias);

/// The list is being changed while r_state is not RT_CONSISTENT.
Result<bool> is_consistent(const RemoteMemory &memory, const Rendezvous &rendezvous);

/// One row of the list, before any file is opened. At most 4096; a longer or circular list is malformed.
struct LinkMapEntry {
  RemoteAddr address{};     ///< of the struct link_map: the row's identity
  std::uint64_t bias = 0;
  std::string path;         ///< empty for the program itself
};
Result<std::vector<LinkMapEntry>> read_link_map(const RemoteMemory &memory, const Rendezvous &rendezvous);

/// What came after a row that is still in the list: the loader appends. Cheaper than the whole list after an RT_ADD;
/// after an RT_DELETE `last` may be gone, and only read_link_map() says the truth.
Result<std::vector<LinkMapEntry>> read_link_map_after(const RemoteMemory &memory, const LinkMapEntry &last);

} // namespace initorder::elf
