// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts breakpoints where packs ask for them, in each object as it is loaded.
#pragma once

#include "tracer/process/watch_context.h"

namespace initorder {

class Arming {
public:
  explicit Arming(WatchContext &context) : context_(context) {}

  /// The functions of the host that open its phases: only in its own program.
  void program(AddressSpace &space, const elf::Object &program, std::uint64_t bias);
  enum class Constructors { to_come, have_run };
  /// What library packs name, constructors, and, if it is one of the host's modules, what the host calls in it by name.
  void object(AddressSpace &space, const elf::Loaded &loaded, Constructors which = Constructors::to_come);
  /// The module's functions that the host calls through pointers. The dynamic loader calls us before it has relocated
  /// what it loaded, so this is for a later time: when the host begins a phase.
  void modules(AddressSpace &space);

  /// What a module's function of this phase, which the host finds by name, is called.
  static std::string name_of(const Phase &phase);

private:
  void probes(AddressSpace &space, const elf::Loaded &loaded);
  void constructors(AddressSpace &space, const elf::Loaded &loaded);
  void module(AddressSpace &space, const elf::Loaded &loaded);

  WatchContext &context_;
  /// Where each probe stands in an object, by that and by the first probe. Objects live as long as the cache.
  std::map<std::pair<const elf::Object *, std::uint32_t>, std::vector<std::pair<std::uint32_t, FileAddr>>> found_;
};

} // namespace initorder
