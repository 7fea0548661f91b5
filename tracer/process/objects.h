// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keeps what is known of a process's loaded objects in step with its dynamic loader.
#pragma once

#include "tracer/process/arming.h"

#include <optional>

namespace initorder {

class Objects {
public:
  Objects(WatchContext &context, Arming &arming) : context_(context), arming_(arming) {}

  /// After exec(), before the new program's first instruction. `forced`: the host that the user names; null: the program's name decides.
  void executed(Thread &thread, const HostPack *forced);
  /// A process that runs meanwhile: what it has loaded has been initialised. `parent`: whose objects are likely the same; null: none.
  void attached(Thread &thread, const Process *parent, const HostPack *forced);
  /// The dynamic loader says that its list has changed.
  void changed(Thread &thread);

private:
  std::optional<elf::Loaded> program(Thread &thread, const HostPack *forced);
  void choose_host(const std::string &program, const HostPack *forced);
  elf::Loaded load(Thread &thread, const elf::LinkMapEntry &row);
  void unload(Thread &thread, const elf::LinkMapEntry &row);

  WatchContext &context_;
  Arming &arming_;
};

} // namespace initorder
