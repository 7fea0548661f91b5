// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/entries.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {
namespace {

/// The functions that an initialiser puts into a field: a structure's, or that of each row of a table.
class FieldReader {
public:
  FieldReader(const Program &program, const EntryPoint &entry, const std::string &name, unsigned unit)
      : program_(program), entry_(entry), name_(name), unit_(unit), record_(name.substr(0, name.find('.'))),
        field_(name.substr(name.find('.') + 1)) {
    record_ = program.canonical_record(record_);
  }

  std::vector<Entry> read() {
    for (const Variable &variable : program_.variables())
      if (variable.unit == unit_ && variable.facts && variable.facts->has_initialiser &&
          plain_record(variable.facts->record) == record_)
        for_each_row(variable.facts->initialiser, record_,
                     [&](const Expr &row) { read_row(variable.translation_unit, row); });
    return std::move(out_);
  }

private:
  void read_row(unsigned translation_unit, const Expr &value) {
    const Expr *function = field_of(value, field_);
    if (!function || function->kind != Expr::Kind::function)
      return;
    bool perhaps = false;
    if (!entry_.flag_field.empty()) {
      const Expr *flag = field_of(value, entry_.flag_field);
      perhaps = !flag || flag->kind != Expr::Kind::integer;
      if (!perhaps && (static_cast<std::uint64_t>(flag->integer) & entry_.flag_bits) == 0)
        return;
    }
    const auto target = program_.resolve(translation_unit, function->name);
    if (!target || target->kind != Callable::Kind::function)
      return;
    const Expr *label = value.operands.empty() ? nullptr : &value.operands.front();
    const std::string row =
        entry_.kind == EntryPoint::Kind::table && label && label->kind == Expr::Kind::text ? label->name.text() : "";
    out_.push_back({target->function,
                    fmt::format("{}() is {}{} of {}", function->name.text(), name_,
                                row.empty() ? "" : fmt::format(" '{}'", row), program_.tree().units[unit_].name),
                    perhaps, row});
  }

  const Program &program_;
  const EntryPoint &entry_;
  const std::string &name_;
  unsigned unit_;
  std::string record_, field_;
  std::vector<Entry> out_;
};

bool passes(const CallFact &call, const std::vector<std::int64_t> &arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (i >= call.arguments.size() || call.arguments[i].kind != Expr::Kind::integer ||
        call.arguments[i].integer != arguments[i])
      return false;
  return true;
}

} // namespace

std::vector<Entry> entries_of(const Program &program, const EntryPoint &entry, unsigned unit) {
  std::vector<Entry> out;
  if (entry.kind == EntryPoint::Kind::constructor) {
    for (FunctionIndex f = 0; f < program.functions().size(); ++f)
      if (program.functions()[f].unit == unit && program.functions()[f].facts.is_constructor)
        out.push_back({f, program.functions()[f].facts.name + "() is a constructor", false, ""});
    return out;
  }
  for (const std::string &name : entry.names) {
    if (entry.kind == EntryPoint::Kind::symbol || entry.kind == EntryPoint::Kind::core_symbol) {
      for (const FunctionIndex f : program.unit_functions(unit, name))
        out.push_back({f, fmt::format("{}() of {}", name, program.tree().units[unit].name), false, ""});
    } else if (entry.kind == EntryPoint::Kind::field || entry.kind == EntryPoint::Kind::table) {
      out = FieldReader(program, entry, name, unit).read();
    }
    if (!out.empty())
      break;
  }
  return out;
}

std::optional<PathStep> opening_step(const Program &program, const Phase &phase, const EntryPoint &entry) {
  std::optional<PathStep> any;
  const auto is_named = [&](const std::string &name) { return std::ranges::find(entry.names, name) != entry.names.end(); };
  // An entry that is itself among those that open the phase is opened by its own call.
  const bool opens_itself = std::ranges::any_of(phase.opened_by, [&](const std::string &name) { return is_named(name); });
  for (const std::string &name : phase.opened_by)
    for (const Function &function : program.functions()) {
      if (function.unit != 0 || (opens_itself && !is_named(name)))
        continue;
      for (const Block &block : function.facts.blocks)
        for (const Step &step : block.steps) {
          if (step.kind != Step::Kind::call || step.call.callee.kind != Expr::Kind::function ||
              step.call.callee.name != name)
            continue;
          PathStep found{program.place(function.translation_unit, step.call.at), function.facts.name,
                         "phase " + phase.id + ": calls " + name + "()"};
          if (passes(step.call, entry.arguments))
            return found;
          if (!any)
            any = std::move(found);
        }
    }
  return any;
}

} // namespace initorder
