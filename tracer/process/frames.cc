// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/frames.h"

namespace initorder {

trace::Frame frame_of(const elf::Layout &layout, RemoteAddr address) {
  const elf::Loaded *loaded = layout.at(address);
  if (!loaded)
    return {.offset = number(address)};
  return {.object = loaded->path, .offset = number(in_file(address, loaded->bias))};
}

void place_functions(std::vector<trace::Value> &values, const elf::Layout &layout) {
  for (trace::Value &value : values)
    if (value.function)
      value.function = frame_of(layout, RemoteAddr{value.function->offset});
}

} // namespace initorder
