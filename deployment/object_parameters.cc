// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/object_parameters.h"

#include "deployment/module_files.h"
#include "deployment/parameters.h"
#include "tracer/elf/bounded.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>

namespace initorder::deployment {

namespace {

constexpr unsigned kMostRows = 4096;        ///< of a table; one that goes on is none
constexpr std::uint64_t kLargestGiven = 64; ///< bytes of a structure whose address is handed on

/// A row of the table.
struct Row {
  std::string name;
  bool is_integer = false;
  FileAddr word{};     ///< that holds the address
  FileAddr variable{}; ///< or a function that takes the value
};

FileAddr behind(FileAddr address, std::uint64_t offset) {
  return FileAddr{number(address) + offset};
}

std::vector<Row> rows_of(const Deployment &deployment, const InstalledModule &module) {
  const ParameterTables &tables = deployment.host->config.parameters;
  const MappedObject &file = deployment.image.objects()[*module.object];
  const TracedModules *layout = layout_of(*file.object, module.loaded.name, deployment.host->trace);
  const auto exports = layout ? file.object->find(symbol_of(*layout, module.loaded.name)) : std::nullopt;
  if (!exports || tables.row_size == 0 || layout->parameters_offset == 0)
    return {};
  const auto table = file.linkage->pointer(behind(exports->address, layout->parameters_offset));
  std::vector<Row> out;
  for (unsigned i = 0; table && i < kMostRows; ++i) {
    const FileAddr row = behind(*table, std::uint64_t{i} * tables.row_size);
    const auto name = file.linkage->pointer(behind(row, tables.name_offset));
    const auto type = elf::load<std::uint32_t>(file.object->bytes(behind(row, tables.type_offset), 4), 0);
    if (!name || !type)
      return out;
    const FileAddr word = behind(row, tables.variable_offset);
    if (const auto variable = file.linkage->pointer(word))
      out.push_back({file.object->text_at(*name), *type == tables.integer, word, *variable});
  }
  return {};
}

/// All rows for one variable.
struct Parameter {
  std::vector<std::string> names;
  bool is_integer = true;
  std::set<FileAddr> words;
};

std::map<FileAddr, Parameter> by_variable(const std::vector<Row> &rows) {
  std::map<FileAddr, Parameter> out;
  for (const Row &row : rows) {
    Parameter &parameter = out[row.variable];
    parameter.names.push_back(row.name);
    parameter.is_integer = parameter.is_integer && row.is_integer;
    parameter.words.insert(row.word);
  }
  return out;
}

/// The words that hold addresses, by where they lead: there variables begin.
using Targets = std::map<FileAddr, std::vector<FileAddr>>;

/// Whether code may have changed it, as far as the walks show: a store that covers it, an address that somebody got, be
/// it of a structure that it is in, or a word with its address in another table.
bool may_be_written(FileAddr variable, const Parameter &parameter, const WrittenWords &written,
                    const Targets &targets) {
  const std::uint64_t begin = number(variable), end = begin + (parameter.is_integer ? 4 : 8);
  for (const auto &[word, bytes] : written.stored)
    if (number(word) < end && number(word) + bytes > begin)
      return true;
  const std::vector<FileAddr> &words = targets.at(variable); // its own row's, at least
  const bool is_in_a_table = std::ranges::any_of(
      words, [&](FileAddr word) { return !parameter.words.contains(word) && !written.loaded.contains(word); });
  const auto last = written.given.upper_bound(variable);
  if (is_in_a_table || last == written.given.begin())
    return is_in_a_table;
  const FileAddr given = *std::prev(last);
  if (given == variable)
    return true;
  const auto between = targets.upper_bound(given);
  return begin - number(given) < kLargestGiven && (between == targets.end() || between->first >= variable);
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

} // namespace

std::vector<FileAddr> parameter_targets(const Deployment &deployment, const InstalledModule &module) {
  std::vector<FileAddr> out;
  for (const Row &row : rows_of(deployment, module))
    out.push_back(row.variable);
  return out;
}

void add_parameter_facts(const Deployment &deployment, const InstalledModule &module, const WrittenWords &written,
                         CodeFacts &facts) {
  const MappedObject &file = deployment.image.objects()[*module.object];
  const std::vector<ParameterValue> values = parameter_values(deployment);
  Targets targets;
  for (const auto &[word, target] : file.linkage->pointers)
    targets[target].push_back(word);
  for (const auto &[variable, parameter] : by_variable(rows_of(deployment, module))) {
    if (may_be_written(variable, parameter, written, targets))
      continue;
    const auto set = std::find_if(values.rbegin(), values.rend(), [&](const ParameterValue &value) {
      return value.module->object == module.object &&
             std::ranges::find(parameter.names, value.name) != parameter.names.end();
    });
    const bool is_set = set != values.rend();
    if (!parameter.is_integer) {
      // A text that nobody sets is what it was; one that is set is somewhere.
      if (!is_set && !file.linkage->pointer(variable) && initially<std::uint64_t>(file, variable) == 0)
        facts.nulls.insert(variable);
      continue;
    }
    const std::optional<std::int32_t> value = !is_set      ? std::optional(initially<std::int32_t>(file, variable))
                                              : set->value ? number_in(*set->value)
                                                           : std::nullopt;
    if (value)
      facts.words[variable] = *value;
  }
}

} // namespace initorder::deployment
