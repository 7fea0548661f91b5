// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/arming.h"

#include "tracer/process/probe_places.h"

#include <algorithm>
#include <filesystem>
#include <span>

namespace initorder {

void Arming::program(AddressSpace &space, const elf::Object &program, std::uint64_t bias) {
  for (std::uint32_t i = 0; i < context_.phase_functions.size(); ++i)
    if (const auto symbol = program.find(context_.phase_functions[i]))
      space.breakpoints.add(at(symbol->address, bias), {Purpose::Kind::phase, i});
}

void Arming::probes(AddressSpace &space, const elf::Loaded &loaded) {
  const auto [known, is_new] = found_.try_emplace({loaded.object.get(), context_.first_probe});
  if (is_new)
    known->second = places_in(*loaded.object, context_.probes, context_.first_probe);
  for (const auto &[probe, address] : known->second)
    space.breakpoints.add(at(address, loaded.bias), {Purpose::Kind::probe, probe});
}

void Arming::constructors(AddressSpace &space, const elf::Loaded &loaded) {
  const auto index = static_cast<std::uint32_t>(space.constructors.size());
  bool any = false;
  for (const FileAddr address : loaded.object->constructors())
    // The C runtime's own do nothing: _init() is one instruction or two and returns, frame_dummy() jumps away.
    if (const auto code = code_at(*loaded.object, address, 16); !arch::is_runtime_stub(code))
      any |= space.breakpoints.add(at(address, loaded.bias), {Purpose::Kind::constructor, index});
  if (any)
    space.constructors.push_back(std::filesystem::path(loaded.path).filename());
}

/// The structure that `layout` describes, if the object has it. What tells layouts apart is a constant: it can be read
/// before the loader has relocated anything.
static std::optional<FileAddr> description(const AddressSpace &space, const elf::Loaded &loaded, const TracedModules &layout) {
  constexpr std::string_view kName = "{module}";
  std::string name = layout.symbol;
  if (const auto at = name.find(kName); at != std::string::npos)
    name.replace(at, kName.size(), std::filesystem::path(loaded.path).stem().string());
  const auto symbol = loaded.object->find(name);
  if (!symbol || layout.interface_symbol.empty())
    return symbol ? std::optional(symbol->address) : std::nullopt;
  const auto interface = loaded.object->find(layout.interface_symbol);
  const auto value = interface ? read_object<std::int32_t>(space.memory, at(interface->address, loaded.bias))
                               : Result<std::int32_t>(Error{});
  const std::vector<std::int64_t> &fitting = layout.interface_values;
  if (!value || std::find(fitting.begin(), fitting.end(), *value) == fitting.end())
    return {};
  return symbol->address;
}

void Arming::module(AddressSpace &space, const elf::Loaded &loaded) {
  if (!context_.host)
    return;
  for (const TracedModules &layout : context_.host->trace.modules) {
    const auto described = description(space, loaded, layout);
    if (!described)
      continue;
    const auto index = static_cast<std::uint32_t>(space.modules.size());
    space.modules.push_back({.object = loaded.path, .bias = loaded.bias,
                             .description = at(*described, loaded.bias), .layout = &layout,
                             .name = std::filesystem::path(loaded.path).stem()});
    for (std::uint32_t phase = 0; phase < context_.host->phases.size(); ++phase)
      for (const EntryPoint &entry : context_.host->phases[phase].entries)
        if (entry.kind == EntryPoint::Kind::symbol)
          for (const std::string &name : entry.names)
            if (const auto function = loaded.object->find(name))
              space.breakpoints.add(at(function->address, loaded.bias), {Purpose::Kind::named_entry, index, phase});
    return;
  }
}

std::string Arming::name_of(const Phase &phase) {
  for (const EntryPoint &entry : phase.entries)
    if (entry.kind == EntryPoint::Kind::symbol && !entry.names.empty())
      return entry.names.front();
  return phase.id;
}

void Arming::object(AddressSpace &space, const elf::Loaded &loaded, Constructors which) {
  if (!loaded.object)
    return;
  probes(space, loaded);
  module(space, loaded);
  if (which == Constructors::to_come)
    constructors(space, loaded);
}

void Arming::modules(AddressSpace &space) {
  constexpr std::size_t kLongestName = 128;
  for (std::uint32_t i = 0; i < space.modules.size(); ++i) {
    Module &module = space.modules[i];
    if (module.armed)
      continue;
    module.armed = true;
    if (const auto name = read_object<RemoteAddr>(space.memory, module.description + module.layout->name_offset))
      if (const auto text = read_text(space.memory, *name, kLongestName); text && !text->empty())
        module.name = *text;
    for (std::uint32_t entry = 0; entry < module.layout->entries.size(); ++entry)
      if (const auto function =
              read_object<RemoteAddr>(space.memory, module.description + module.layout->entries[entry].offset);
          function && *function != RemoteAddr{})
        space.breakpoints.add(*function, {Purpose::Kind::entry, i, entry});
  }
}

} // namespace initorder
