// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All symbols of an object by address, and its lines: libdwfl's answers, which knows where debug files are kept.
#pragma once

#include "rules/event.h"
#include "tracer/elf/object.h"

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initorder::elf {

struct DwflEnd {
  void operator()(Dwfl *dwfl) const noexcept { dwfl_end(dwfl); }
};

/// Not for two threads at once.
class DebugInfo {
public:
  /// `descriptor` stays the caller's.
  DebugInfo(int descriptor, const std::string &name);
  std::optional<Symbol> function_at(FileAddr address) const;
  std::optional<Symbol> find(std::string_view name) const;
  std::optional<SourcePlace> source_at(FileAddr address) const;

private:
  struct Function {
    std::uint64_t begin;
    std::uint64_t end;   ///< exclusive
    std::uint64_t reach; ///< the greatest `end` up to here: nothing before covers what lies beyond
    const char *name;    ///< the module's
    unsigned rank;       ///< of several names for one place the least is shown
  };
  void read_functions();

  std::unique_ptr<Dwfl, DwflEnd> dwfl_;
  Dwfl_Module *module_ = nullptr;
  std::vector<Function> functions_; ///< by begin, then rank
};

} // namespace initorder::elf
