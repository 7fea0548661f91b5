// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/entry_addresses.h"

#include "deployment/module_files.h"

#include <algorithm>

namespace initorder::deployment {

std::vector<FileAddr> addresses_of(const Deployment &deployment, const InstalledModule &module, const Phase &phase,
                                   const EntryPoint &entry) {
  const MappedObject &object = deployment.image.objects()[*module.object];
  std::vector<FileAddr> out;
  if (entry.kind == EntryPoint::Kind::symbol) {
    for (const std::string &name : entry.names)
      if (const auto found = object.object->find(name)) {
        out.push_back(found->address);
        break;
      }
  } else if (entry.kind == EntryPoint::Kind::field) {
    const TracedModules *layout = layout_of(*object.object, module.loaded.name, deployment.host->trace);
    const auto exports = layout ? object.object->find(symbol_of(*layout, module.loaded.name)) : std::nullopt;
    if (!exports)
      return out;
    for (const TracedModules::Entry &field : layout->entries)
      if (std::ranges::find(field.phases, phase.id) != field.phases.end())
        if (const auto function = object.linkage->pointer(FileAddr{number(exports->address) + field.offset}))
          out.push_back(*function);
  }
  return out;
}

std::optional<FileAddr> field_of(const CodeCall &call, const FunctionTable &table, const FunctionTable::Field &field) {
  if (call.symbol != table.call || table.argument >= call.arguments.size() ||
      call.arguments[table.argument].kind != MachineValue::Kind::own_address)
    return std::nullopt;
  return FileAddr{static_cast<std::uint64_t>(call.arguments[table.argument].number) + field.offset};
}

} // namespace initorder::deployment
