// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/facts/variants.h"

#include <algorithm>
#include <map>

namespace initorder {
namespace {

template <class Visit> void for_each_part(Expr &expr, const Visit &visit) {
  visit(expr);
  for (Expr &operand : expr.operands)
    for_each_part(operand, visit);
}

template <class VisitExpr, class VisitPlace>
void for_each_in(FunctionFacts &function, const VisitExpr &expr, const VisitPlace &place) {
  place(function.at);
  for (Block &block : function.blocks) {
    for_each_part(block.condition, expr);
    place(block.condition_at);
    for (Step &step : block.steps) {
      for_each_part(step.call.callee, expr);
      for (Expr &argument : step.call.arguments)
        for_each_part(argument, expr);
      for_each_part(step.assign.target, expr);
      for_each_part(step.assign.value, expr);
      place(step.call.at);
      place(step.assign.at);
    }
  }
}

/// Makes places speak of `files`, which is extended by what is missing.
void use_files(TranslationUnitFacts &facts, std::vector<std::string> &files) {
  std::vector<std::uint32_t> numbers;
  for (const std::string &file : facts.files) {
    const auto known = std::find(files.begin(), files.end(), file);
    numbers.push_back(static_cast<std::uint32_t>(known - files.begin()));
    if (known == files.end())
      files.push_back(file);
  }
  const auto place = [&](FactPlace &at) {
    if (at.file < numbers.size())
      at.file = numbers[at.file];
  };
  for (FunctionFacts &function : facts.functions)
    for_each_in(function, [](Expr &) {}, place);
  for (VariableFacts &variable : facts.variables)
    place(variable.at);
}

/// Gives the function's locals and calls numbers from these on; returns the first free ones.
struct Numbers {
  std::uint32_t locals = 0, calls = 0;
};
Numbers renumber(FunctionFacts &function, Numbers from) {
  Numbers next = from;
  const auto shift = [](std::uint32_t &index, std::uint32_t by, std::uint32_t &free) {
    index += by;
    free = std::max(free, index + 1);
  };
  for_each_in(
      function,
      [&](Expr &expr) {
        if (expr.kind == Expr::Kind::local)
          shift(expr.index, from.locals, next.locals);
        else if (expr.kind == Expr::Kind::call)
          shift(expr.index, from.calls, next.calls);
      },
      [](FactPlace &) {});
  for (Block &block : function.blocks)
    for (Step &step : block.steps)
      if (step.kind == Step::Kind::call)
        shift(step.call.index, from.calls, next.calls);
  return next;
}

using Body = std::pair<std::vector<unsigned>, const FunctionFacts *>; ///< the values for which it is this one

/// Clang numbers blocks from the exit up, and so does this: the exit, the bodies, the choice.
FunctionFacts choose_between(const std::vector<Body> &bodies, const std::string &variable) {
  FunctionFacts out = *bodies.front().second;
  out.never_returns = std::all_of(bodies.begin(), bodies.end(), [](const Body &body) { return body.second->never_returns; });
  out.runs_for_ever = std::all_of(bodies.begin(), bodies.end(), [](const Body &body) { return body.second->runs_for_ever; });
  out.serves = std::any_of(bodies.begin(), bodies.end(), [](const Body &body) { return body.second->serves; });
  out.serves_until_told = std::all_of(bodies.begin(), bodies.end(), [](const Body &body) { return body.second->serves_until_told; });
  out.blocks = {Block{}};
  out.exit = 0;
  Block choice;
  choice.condition.kind = Expr::Kind::variable;
  choice.condition.name = variable;
  choice.condition_at = out.at;
  Numbers free;
  for (const auto &[values, original] : bodies) {
    FunctionFacts body = *original;
    free = renumber(body, free);
    out.parameters = std::max(out.parameters, body.parameters);
    const auto offset = static_cast<std::uint32_t>(out.blocks.size());
    for (Block &block : body.blocks) {
      for (Edge &edge : block.edges)
        edge.to = edge.to == body.exit ? 0 : edge.to + offset;
      out.blocks.push_back(std::move(block));
    }
    for (const unsigned value : values)
      choice.edges.push_back({.when = Edge::When::in_range, .low = value, .high = value, .to = body.entry + offset});
  }
  out.entry = static_cast<std::uint32_t>(out.blocks.size());
  out.blocks.push_back(std::move(choice));
  return out;
}

/// The rows that one of two tables has and the other has not stand in both.
void join_tables(Expr &table, const Expr &other) {
  const auto is_table = [](const Expr &expr) {
    return expr.kind == Expr::Kind::aggregate &&
           std::all_of(expr.fields.begin(), expr.fields.end(), [](const Symbol &field) { return field.empty(); });
  };
  if (!is_table(table) || !is_table(other))
    return;
  for (const Expr &row : other.operands)
    if (std::find(table.operands.begin(), table.operands.end(), row) == table.operands.end()) {
      table.operands.push_back(row);
      table.fields.emplace_back();
    }
}

void join_variables(std::vector<VariableFacts> &variables, std::vector<VariableFacts> &others) {
  for (VariableFacts &other : others) {
    const auto known = std::ranges::find(variables, other.name, &VariableFacts::name);
    if (known == variables.end())
      variables.push_back(std::move(other));
    else if (!(*known == other))
      join_tables(known->initialiser, other.initialiser);
  }
}

} // namespace

TranslationUnitFacts merge_variants(std::vector<FileVariant> variants, const std::string &variable) {
  TranslationUnitFacts out = std::move(variants.front().facts);
  std::vector<std::string> order; // of the functions' names
  std::map<std::string, std::vector<Body>> bodies;
  const auto add = [&](const std::vector<unsigned> &values, const std::vector<FunctionFacts> &functions) {
    for (const FunctionFacts &function : functions) {
      std::vector<Body> &known = bodies[function.name];
      if (known.empty())
        order.push_back(function.name);
      const auto same = std::find_if(known.begin(), known.end(), [&](const Body &body) { return *body.second == function; });
      if (same == known.end())
        known.emplace_back(values, &function);
      else
        same->first.insert(same->first.end(), values.begin(), values.end());
    }
  };
  const std::vector<FunctionFacts> first = std::move(out.functions);
  add(variants.front().values, first);
  for (std::size_t v = 1; v < variants.size(); ++v) {
    TranslationUnitFacts &more = variants[v].facts;
    use_files(more, out.files);
    add(variants[v].values, more.functions);
    join_variables(out.variables, more.variables);
    for (auto &[name, writers] : more.writers)
      out.writers[name].merge(writers);
    for (auto &[name, numbers] : more.numbers)
      out.numbers[name].merge(numbers);
    out.aliases.merge(more.aliases);
  }
  out.functions.clear();
  for (const std::string &name : order)
    out.functions.push_back(bodies[name].size() == 1 ? *bodies[name].front().second
                                                     : choose_between(bodies[name], variable));
  return out;
}

} // namespace initorder
