// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/site.h"

#include "tracer/trace/objects.h"

#include <algorithm>

namespace initorder::trace {
namespace {

bool runs_callbacks(const LibraryPack &library) {
  return std::ranges::any_of(library.functions, [](const LibraryFunction &function) {
    return std::ranges::any_of(function.runs,
                               [](const RunsCallback &runs) { return runs.when == RunsCallback::When::now; });
  });
}

class Walk {
public:
  Walk(const Called &called, const Calls &calls, const std::vector<LibraryPack> &libraries)
      : called_(called), calls_(calls), libraries_(libraries) {
    const auto own = std::ranges::find(libraries, called.library, &LibraryPack::name);
    own_ = own == libraries.end() ? nullptr : &*own;
    is_embedded_ = own_ && !own_->objects.empty() && !is_object_of(*own_, called.stack[0].object);
  }

  Site site() const {
    const std::vector<Frame> &stack = called_.stack;
    std::size_t outermost = is_embedded_ ? 0 : end_of_run(0) - 1; // the last frame known to be the library's
    while (is_embedded_ && outermost + 1 < stack.size() && is_named(stack[outermost + 1]))
      ++outermost;
    for (std::size_t next = outermost + 1; next < stack.size();) {
      const std::size_t end = end_of_run(next);
      if (is_own(next, end))
        outermost = end - 1;
      else if (end >= stack.size() || !only_calls_back(stack[next]) || !is_own(end, end_of_run(end)))
        break;
      next = end;
    }
    Site out;
    out.caller = outermost + 1 < stack.size() ? &stack[outermost + 1] : nullptr;
    out.call = called_.function;
    for (std::size_t at = outermost; at > 0; --at)
      if (!stack[at].function.empty() && is_own(at, at + 1)) {
        out.call = stack[at].function;
        break;
      }
    return out;
  }

private:
  /// Frames of one object that stand together: [begin, end).
  std::size_t end_of_run(std::size_t begin) const {
    const std::vector<Frame> &stack = called_.stack;
    std::size_t end = begin + 1;
    while (end < stack.size() && stack[end].object == stack[begin].object)
      ++end;
    return end;
  }
  bool is_named(const Frame &frame) const { return calls_.is_function_of(called_.library, frame.function); }
  bool is_own(std::size_t begin, std::size_t end) const {
    const std::vector<Frame> &stack = called_.stack;
    return (!is_embedded_ && stack[begin].object == stack[0].object) ||
           (own_ && is_object_of(*own_, stack[begin].object)) || is_named(stack[end - 1]);
  }
  bool only_calls_back(const Frame &frame) const {
    return std::ranges::any_of(libraries_, [&](const LibraryPack &library) {
      return is_object_of(library, frame.object) && runs_callbacks(library);
    });
  }

  const Called &called_;
  const Calls &calls_;
  const std::vector<LibraryPack> &libraries_;
  const LibraryPack *own_ = nullptr;
  bool is_embedded_ = false; ///< the called function is a copy that was linked into another object (pthread_atfork)
};

} // namespace

Site site_of(const Called &called, const Calls &calls, const std::vector<LibraryPack> &libraries) {
  if (called.stack.empty())
    return {nullptr, called.function};
  return Walk(called, calls, libraries).site();
}

} // namespace initorder::trace
