// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the configuration puts into the variables that modules name in their tables of parameters: what such a variable
// starts with is known as if it stood in its initialiser.
#include "analyzer/link/program.h"

#include <algorithm>
#include <charconv>

namespace initorder {
namespace {

const Expr *field_of(const Expr &aggregate, const std::string &field) {
  const auto found = std::ranges::find(aggregate.fields, field, [](Symbol name) -> const std::string & { return name; });
  const std::size_t index = static_cast<std::size_t>(found - aggregate.fields.begin());
  return index < aggregate.operands.size() ? &aggregate.operands[index] : nullptr;
}

std::optional<std::int64_t> number_in(const std::string &text) {
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

/// Calls `visit(row)` for each row of the tables in an initialiser.
template <class Visit> void for_each_row(const Expr &value, const std::string &record, const Visit &visit) {
  if (value.kind != Expr::Kind::aggregate)
    return;
  if (plain_record(value.record) == record)
    return visit(value);
  for (const Expr &operand : value.operands)
    for_each_row(operand, record, visit);
}

} // namespace

std::optional<Expr> Program::configured_value(const Expr &row, const std::string &module, const Expr &initial) const {
  const Expr *name = row.operands.empty() ? nullptr : &row.operands.front();
  if (!name || name->kind != Expr::Kind::text)
    return std::nullopt;
  const auto &all = configured_->parameters;
  const auto set = std::find_if(all.rbegin(), all.rend(), [&](const ConfiguredParameter &one) {
    return one.module == module && one.name == name->name.text();
  });
  if (set == all.rend())
    return initial;
  const Expr *type = field_of(row, tree_.host->config.parameters.type_field);
  if (!set->value || !type || type->kind != Expr::Kind::integer)
    return std::nullopt;
  Expr out;
  if (type->integer != tree_.host->config.parameters.integer) {
    out.kind = Expr::Kind::text;
    out.name = *set->value;
    return out;
  }
  const std::optional<std::int64_t> number = number_in(*set->value);
  out.kind = Expr::Kind::integer;
  out.integer = number.value_or(0);
  return number ? std::optional(out) : std::nullopt;
}

void Program::index_parameters() {
  if (!configured_)
    return;
  const ParameterTables &tables = tree_.host->config.parameters;
  for (const std::string &name : tables.fields) {
    const std::string record = canonical_record(name.substr(0, name.find('.')));
    const std::string field = name.substr(name.find('.') + 1);
    for (std::size_t table = 0; table < variables_.size(); ++table) {
      if (!variables_[table].facts || plain_record(variables_[table].facts->record) != record)
        continue;
      const unsigned translation_unit = variables_[table].translation_unit;
      const std::string &module = tree_.units[variables_[table].unit].name;
      for_each_row(variables_[table].facts->initialiser, record, [&](const Expr &row) {
        const Expr *target = field_of(row, field);
        if (!target || target->kind != Expr::Kind::address || target->operands.front().kind != Expr::Kind::variable)
          return;
        const auto index = resolve_variable(translation_unit, target->operands.front().name);
        if (!index || !variables_[*index].facts)
          return;
        Variable &variable = variables_[*index];
        Expr initial;
        initial.kind = Expr::Kind::integer;
        if (variable.facts->has_initialiser)
          initial = variable.facts->initialiser;
        const std::optional<Expr> value = configured_value(row, module, initial);
        // A text that is a structure with its length has more than one field.
        if (!value || (*value != initial && !variable.facts->record.empty())) {
          variable.escapes = true;
          return;
        }
        VariableFacts &facts = configured_facts_.emplace_back(*variable.facts);
        facts.has_initialiser = facts.has_initialiser || *value != initial;
        facts.initialiser = *value;
        variable.facts = &facts;
      });
    }
  }
}

} // namespace initorder
