// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/own_facts.h"

#include "deployment/code_reader.h"
#include "deployment/entry_addresses.h"
#include "deployment/object_parameters.h"

#include <set>
#include <utility>
#include <vector>

namespace initorder::deployment {

namespace {

constexpr std::size_t kMostRoots = 1024; ///< functions at which walks begin

class OwnFacts {
public:
  OwnFacts(const Deployment &deployment, const InstalledModule &module, const std::map<ProcessRole, CodeFacts> &facts)
      : deployment_(deployment), module_(module), file_(deployment.image.objects()[*module.object]), facts_(facts) {}

  CodeFacts find() {
    add_entry_points();
    for (std::size_t i = 0; i < roots_.size() && i < kMostRoots; ++i)
      walk(roots_[i]);
    if (is_all_ && roots_.size() <= kMostRoots)
      add_parameter_facts(deployment_, module_, written_, found_);
    return std::move(found_);
  }

private:
  using Root = std::pair<FileAddr, ProcessRole>;

  void add_root(FileAddr address, ProcessRole process) {
    if (is_code(*file_.object, address) && seen_.emplace(address, process).second)
      roots_.emplace_back(address, process);
  }

  void add_entry_points() {
    for (const Phase &phase : deployment_.host->phases)
      for (const EntryPoint &entry : phase.entries)
        for (const FileAddr address : addresses_of(deployment_, module_, phase, entry))
          add_root(address, phase.process);
    for (const FileAddr target : parameter_targets(deployment_, module_))
      add_root(target, ProcessRole::main);
  }

  void walk(Root root) {
    const CodeCalls &calls = deployment_.walks->calls(file_, facts_.at(root.second), root.first, {});
    is_all_ = is_all_ && !calls.is_cut;
    written_.add(calls.written);
    for (const CodeCall &call : calls.calls)
      read_call(call, root.second);
  }

  /// The functions that it hands on may run too: as arguments, and in tables of the host.
  void read_call(const CodeCall &call, ProcessRole process) {
    for (const MachineValue &argument : call.arguments)
      if (argument.kind == MachineValue::Kind::own_address)
        add_root(FileAddr{static_cast<std::uint64_t>(argument.number)}, process);
    for (const FunctionTable &table : deployment_.host->config.function_tables)
      for (const FunctionTable::Field &field : table.fields) {
        const auto word = field_of(call, table, field);
        if (word && !field.is.empty())
          found_.fields[*word] = field.is;
        if (const auto function = word ? file_.linkage->pointer(*word) : std::nullopt)
          add_root(*function, process);
      }
  }

  const Deployment &deployment_;
  const InstalledModule &module_;
  const MappedObject &file_;
  const std::map<ProcessRole, CodeFacts> &facts_;
  std::vector<Root> roots_;
  std::set<Root> seen_;
  WrittenWords written_;
  bool is_all_ = true; ///< nothing was too much to walk through
  CodeFacts found_;
};

} // namespace

CodeFacts own_facts_of(const Deployment &deployment, const InstalledModule &module,
                       const std::map<ProcessRole, CodeFacts> &facts) {
  return OwnFacts(deployment, module, facts).find();
}

} // namespace initorder::deployment
