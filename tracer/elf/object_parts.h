// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/elf/debug_info.h"
#include "tracer/elf/dynamic_table.h"
#include "tracer/elf/image.h"
#include "tracer/elf/object.h"
#include "tracer/elf/static_symbols.h"

#include <memory>
#include <mutex>
#include <string>

namespace initorder::elf {

/// What opening makes, and what is made when it is first asked for.
struct Object::Parts {
  Parts(Image read, std::string called) : image(std::move(read)), name(std::move(called)), dynamic(image) {}

  Image image;
  std::string name;
  DynamicSymbols dynamic;

  std::once_flag statics_once, build_id_once;
  std::unique_ptr<StaticSymbols> statics;
  std::string build_id;

  std::mutex debug_lock;
  std::unique_ptr<DebugInfo> debug; ///< under debug_lock

  DebugInfo &debug_info(); ///< debug_lock is held
};

/// DT_INIT and DT_INIT_ARRAY; see Object::constructors().
std::vector<FileAddr> read_constructors(const Image &image, const DynamicSymbols &symbols);

} // namespace initorder::elf
