// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The calls of a trace, each with its return and with what the packs say of it.
#pragma once

#include "rules/host_pack.h"
#include "rules/library_pack.h"
#include "tracer/trace/record.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initorder::trace {

/// A call. Points into records and packs. In a forked child a call may return that its parent made: that is not told.
struct Call {
  const Record *record = nullptr;
  const Called *called = nullptr;
  const Record *return_record = nullptr; ///< null: has not returned (yet)
  const Returned *returned = nullptr;
  const LibraryFunction *function = nullptr; ///< the first that a pack has of this name; null: none
  bool failed = false;                       ///< it returned, and says that it had no effect

  bool has(std::string_view effect) const;
  /// The value of the handle that it opens, closes or uses; none: not written down.
  std::optional<std::int64_t> handle(const ResourceRef &ref) const;
};

/// What a pack says of one effect of a call.
struct EffectOfCall {
  const CallEffect *effect = nullptr;
  const LibraryFunction *function = nullptr;
  const std::string *library = nullptr; ///< the pack's name; a host's functions have the host's
};

class Calls {
public:
  Calls(const std::vector<Record> &records, const HostPack &host, const std::vector<LibraryPack> &libraries);

  /// In the order in which they were made.
  const std::vector<Call> &all() const { return calls_; }
  /// Null members if no pack knows the effect of this function: the trace was made with other packs.
  EffectOfCall effect(const Called &called, const std::string &name) const;
  /// Whether the library's pack names such a function.
  bool is_function_of(std::string_view library, std::string_view function) const;

private:
  struct Entry {
    const LibraryFunction *function;
    const std::string *library;
  };
  void know(const std::vector<LibraryFunction> &functions, const std::string &library);

  std::multimap<std::string_view, Entry> functions_; ///< by name, in the order of the packs
  std::vector<Call> calls_;
};

} // namespace initorder::trace
