// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/object_parameters.h"

#include "deployment/module_files.h"
#include "deployment/parameters.h"
#include "tracer/elf/bounded.h"

#include <algorithm>
#include <charconv>

namespace initorder::deployment {

namespace {

constexpr unsigned kMostRows = 4096; ///< of a table; one that goes on is none

/// A row of the table.
struct Row {
  std::string name;
  bool is_integer = false;
  FileAddr variable{};
};

FileAddr behind(FileAddr address, std::uint64_t offset) {
  return FileAddr{number(address) + offset};
}

std::vector<Row> rows_of(const MappedObject &file, FileAddr table, const ParameterTables &layout) {
  std::vector<Row> out;
  for (unsigned i = 0; i < kMostRows; ++i) {
    const FileAddr row = behind(table, std::uint64_t{i} * layout.row_size);
    const auto name = file.linkage->pointer(behind(row, layout.name_offset));
    const auto type = elf::load<std::uint32_t>(file.object->bytes(behind(row, layout.type_offset), 4), 0);
    if (!name || !type)
      return out;
    if (const auto variable = file.linkage->pointer(behind(row, layout.variable_offset)))
      out.push_back({file.object->text_at(*name), *type == layout.integer, *variable});
  }
  return {};
}

std::optional<std::int32_t> number_in(const std::string &text) {
  std::int32_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

/// What is not in the file is zero at first.
template <class Number> Number initially(const MappedObject &file, FileAddr variable) {
  return elf::load<Number>(file.object->bytes(variable, sizeof(Number)), 0).value_or(0);
}

/// Variables that code finds through a word with their address, as it does where they are not static. The address is then
/// in a register whenever the variable is read, and may be there still at a call that has nothing to do with it.
std::set<FileAddr> found_through_words(const elf::Linkage &linkage) {
  std::map<FileAddr, unsigned> words;
  for (const auto &[word, target] : linkage.pointers)
    ++words[target];
  std::set<FileAddr> out;
  for (const auto &[target, count] : words)
    if (count > 1) // the table's own word is one
      out.insert(target);
  return out;
}

} // namespace

void add_parameter_facts(const Deployment &deployment, const InstalledModule &module, const WrittenWords &written,
                         CodeFacts &facts) {
  const ParameterTables &tables = deployment.host->config.parameters;
  const MappedObject &file = deployment.image.objects()[*module.object];
  const TracedModules *layout = layout_of(*file.object, module.loaded.name, deployment.host->trace);
  const auto exports = layout ? file.object->find(symbol_of(*layout, module.loaded.name)) : std::nullopt;
  if (!exports || tables.row_size == 0 || layout->parameters_offset == 0)
    return;
  const auto table = file.linkage->pointer(behind(exports->address, layout->parameters_offset));
  if (!table)
    return;
  const std::set<FileAddr> indirect = found_through_words(*file.linkage);
  const std::vector<ParameterValue> values = parameter_values(deployment);
  for (const Row &row : rows_of(file, *table, tables)) {
    const auto set = std::find_if(values.rbegin(), values.rend(), [&](const ParameterValue &value) {
      return value.module->object == module.object && value.name == row.name;
    });
    if (written.stored.contains(row.variable) || (written.given.contains(row.variable) && !indirect.contains(row.variable)))
      continue;
    if (!row.is_integer) {
      // A text that nobody sets is what it was; one that is set is somewhere.
      if (set == values.rend() && !file.linkage->pointer(row.variable) && initially<std::uint64_t>(file, row.variable) == 0)
        facts.nulls.insert(row.variable);
      continue;
    }
    const std::optional<std::int32_t> value = set == values.rend() ? std::optional(initially<std::int32_t>(file, row.variable))
                                              : set->value         ? number_in(*set->value)
                                                                   : std::nullopt;
    if (!value)
      continue;
    facts.words[row.variable] = *value;
  }
}

} // namespace initorder::deployment
