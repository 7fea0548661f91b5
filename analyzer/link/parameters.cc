// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the configuration puts into the variables that modules name in their tables of parameters: what such a variable
// starts with is known as if it stood in its initialiser.
#include "analyzer/link/program.h"

#include <algorithm>
#include <charconv>

namespace initorder {
namespace {

std::optional<std::int64_t> number_in(const std::string &text) {
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

} // namespace

/// The last statement for the module that sets any of the names; null: none does.
static const ConfiguredParameter *statement_for(const std::vector<ConfiguredParameter> &all, const std::string &module,
                                                const std::vector<std::string> &names) {
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const ConfiguredParameter &one) {
    return one.module == module && std::ranges::find(names, one.name) != names.end();
  });
  return found == all.rend() ? nullptr : &*found;
}

/// What the statement puts into the variable; none: it cannot be told.
static std::optional<Expr> value_of(const ConfiguredParameter &statement, bool is_integer) {
  if (!statement.value)
    return std::nullopt;
  Expr out;
  if (!is_integer) {
    out.kind = Expr::Kind::text;
    out.name = *statement.value;
    return out;
  }
  const std::optional<std::int64_t> number = number_in(*statement.value);
  out.kind = Expr::Kind::integer;
  out.integer = number.value_or(0);
  return number ? std::optional(out) : std::nullopt;
}

std::map<VariableIndex, Program::Parameter> Program::parameters() const {
  std::map<VariableIndex, Parameter> out;
  const ParameterTables &tables = tree_.host->config.parameters;
  for (const std::string &name : tables.fields) {
    const std::string record = canonical_record(name.substr(0, name.find('.')));
    const std::string field = name.substr(name.find('.') + 1);
    for (const Variable &table : variables_) {
      if (!table.facts || plain_record(table.facts->record) != record)
        continue;
      for_each_row(table.facts->initialiser, record, [&](const Expr &row) {
        const Expr *target = field_of(row, field), *type = field_of(row, tables.type_field);
        if (!target || target->kind != Expr::Kind::address || target->operands.front().kind != Expr::Kind::variable)
          return;
        const auto index = resolve_variable(table.translation_unit, target->operands.front().name);
        if (!index || !variables_[*index].facts)
          return;
        Parameter &parameter = out[*index];
        const Expr &label = row.operands.front(); // there is the target, at least
        if (label.kind == Expr::Kind::text && type && type->kind == Expr::Kind::integer)
          parameter.names.push_back(label.name);
        else
          parameter.is_told = false;
        parameter.is_integer = type && type->integer == tables.integer;
      });
    }
  }
  return out;
}

void Program::index_parameters() {
  if (!configured_)
    return;
  for (const auto &[index, parameter] : parameters()) {
    Variable &variable = variables_[index];
    const ConfiguredParameter *statement =
        statement_for(configured_->parameters, tree_.units[variable.unit].name, parameter.names);
    if (!parameter.is_told) {
      variable.escapes = true;
      continue;
    }
    if (!statement)
      continue; // it is what it is in the source
    // A text that is a structure with its length has more than one field; and what the code writes it may have written
    // before the configuration does.
    const std::optional<Expr> value = value_of(*statement, parameter.is_integer);
    if (!value || !variable.facts->record.empty() || !variable.writers.empty()) {
      variable.escapes = true;
      continue;
    }
    VariableFacts &facts = configured_facts_.emplace_back(*variable.facts);
    facts.has_initialiser = true;
    facts.initialiser = *value;
    variable.facts = &facts;
  }
}

} // namespace initorder
