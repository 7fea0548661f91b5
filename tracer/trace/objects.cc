// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder::trace {

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

std::string_view stem_of(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.substr(0, std::min(name.find(".so"), name.size()));
}

bool is_object_of(const LibraryPack &library, std::string_view path) {
  const std::string_view stem = stem_of(path);
  return std::ranges::any_of(library.objects, [&](std::string_view object) {
    return object.ends_with('*') ? stem.starts_with(object.substr(0, object.size() - 1)) : stem == object;
  });
}

std::string unit_of(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.find(".so") == name.npos ? "core" : std::string(stem_of(path));
}

SourcePlace place_of(const Frame &frame) {
  if (frame.source.line != 0)
    return frame.source;
  if (frame.object.empty())
    return {fmt::format("{:#x}", frame.offset)};
  return {fmt::format("{}+{:#x}", base_name(frame.object), frame.offset)};
}

} // namespace initorder::trace
