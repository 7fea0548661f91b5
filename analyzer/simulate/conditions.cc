// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An item happens always when no way from the start of its process to a good end goes past its block.
// Otherwise it depends on the undecided branches of which one side leads to it and another need not.
#include "analyzer/simulate/function_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace initorder {
namespace {

using Neighbours = std::vector<std::vector<std::uint32_t>>;

/// Which blocks can be reached from `starts` without going through `avoid`, nor through `avoid_too`.
std::vector<bool> reachable(const std::vector<std::uint32_t> &starts, const Neighbours &next, std::uint32_t avoid,
                            std::uint32_t avoid_too) {
  std::vector<bool> reached(next.size());
  std::vector<std::uint32_t> pending;
  const auto reach = [&](std::uint32_t block) {
    if (block != avoid && block != avoid_too && !reached[block]) {
      reached[block] = true;
      pending.push_back(block);
    }
  };
  std::for_each(starts.begin(), starts.end(), reach);
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    std::for_each(next[block].begin(), next[block].end(), reach);
  }
  return reached;
}

std::vector<bool> reachable(const std::vector<std::uint32_t> &starts, const Neighbours &next, std::uint32_t avoid) {
  return reachable(starts, next, avoid, avoid);
}

std::string describe(const Block &block, const Edge &edge, const SourcePlace &at) {
  const std::string &text = block.condition_text;
  const bool simple = text.find_first_of(" =<>&|") == std::string::npos;
  std::string said = edge.when == Edge::When::if_false ? (simple ? "!" + text : "!(" + text + ")")
                     : edge.when == Edge::When::in_range ? fmt::format("{} == {}", text, edge.low)
                     : edge.when == Edge::When::otherwise ? text + " is another value"
                                                          : text;
  return fmt::format("{} ({}:{})", said, at.file, at.line);
}

/// Whether the function fails whenever one of its calls has come back with a number below zero. Follows the
/// ways from the call on which that number, and the locals that it is copied to, decide the branches.
class ErrorPath {
public:
  ErrorPath(const FunctionFacts &facts, const TakenWays &ways) : facts_(facts), ways_(ways) {}

  bool leads_only_to_errors(std::uint32_t block, std::uint32_t call) {
    call_ = call;
    seen_.clear();
    good_end_ = false;
    const auto &steps = facts_.blocks[block].steps;
    const auto at = std::find_if(steps.begin(), steps.end(), [&](const Step &step) {
      return step.kind == Step::Kind::call && step.call.index == call;
    });
    if (at != steps.end())
      go(block, static_cast<std::size_t>(at - steps.begin()) + 1, {});
    return at != steps.end() && !good_end_;
  }

private:
  using Locals = std::set<std::uint32_t>;

  bool is_error(const Expr &expr, const Locals &errors) const {
    return (expr.kind == Expr::Kind::call && expr.index == call_) ||
           (expr.kind == Expr::Kind::local && errors.contains(expr.index));
  }

  Truth truth(const Expr &expr, const Locals &errors) const {
    if (is_error(expr, errors))
      return Truth::yes;
    if (expr.kind == Expr::Kind::logical_not) {
      const Truth inner = truth(expr.operands[0], errors);
      return inner == Truth::unknown ? inner : inner == Truth::yes ? Truth::no : Truth::yes;
    }
    if (expr.kind != Expr::Kind::compare || !is_error(expr.operands[0], errors) ||
        expr.operands[1].kind != Expr::Kind::integer || expr.operands[1].integer < 0)
      return Truth::unknown;
    const std::string &op = expr.name;
    return op == "<" || op == "<=" || op == "!=" ? Truth::yes : Truth::no;
  }

  void go(std::uint32_t number, std::size_t from, Locals errors) {
    constexpr std::size_t kMost = 200; // of blocks: a longer way is not followed to its end
    if (good_end_ || !seen_.emplace(number, from, errors).second)
      return;
    if (seen_.size() > kMost || number == facts_.exit) {
      good_end_ = true;
      return;
    }
    const Block &block = facts_.blocks[number];
    for (std::size_t s = from; s < block.steps.size(); ++s) {
      const Step &step = block.steps[s];
      if (step.kind == Step::Kind::leave) {
        const Expr &value = step.assign.value;
        good_end_ |= !is_error(value, errors) && !(value.kind == Expr::Kind::integer && value.integer < 0);
        return;
      }
      if (step.kind == Step::Kind::assign && step.assign.target.kind == Expr::Kind::local) {
        const bool below_zero = step.assign.value.kind == Expr::Kind::integer && step.assign.value.integer < 0;
        if (below_zero || is_error(step.assign.value, errors))
          errors.insert(step.assign.target.index);
        else
          errors.erase(step.assign.target.index);
      }
    }
    const Truth which = block.edges.size() > 1 ? truth(block.condition, errors) : Truth::unknown;
    for (const Edge &edge : block.edges) {
      const bool ruled_out = (edge.when == Edge::When::if_true && which == Truth::no) ||
                             (edge.when == Edge::When::if_false && which == Truth::yes);
      if (!ruled_out && ways_.edges.contains({number, edge.to}))
        go(edge.to, 0, errors);
    }
  }

  const FunctionFacts &facts_;
  const TakenWays &ways_;
  std::uint32_t call_ = 0;
  std::set<std::tuple<std::uint32_t, std::size_t, Locals>> seen_;
  bool good_end_ = false;
};

/// For one process.
class Conditions {
public:
  struct Answer {
    bool always = false;
    bool only_on_error = false;
    std::vector<Symbol> conditions;
  };

  Conditions(const FunctionFacts &facts, const TakenWays &ways,
             const std::function<SourcePlace(const FactPlace &)> &place)
      : facts_(facts), ways_(ways), place_(place), rounds_(static_cast<std::uint32_t>(facts.blocks.size())),
        first_starts_(ways.starts.begin(), ways.starts.end()), next_(rounds_), good_before_(rounds_),
        good_rounds_(2 * std::size_t{rounds_}) {
    for (const std::uint32_t start : first_starts_)
      starts_.push_back(start % rounds_);
    for (const auto &[from, to] : ways.edges)
      next_[from].push_back(to);
    for (const auto &[from, to] : ways.good_edges) {
      good_before_[to].push_back(from);
    }
    for (const auto &[from, to] : ways.good_rounds)
      good_rounds_[from].push_back(to);
  }

  const Answer &of(std::uint32_t block) {
    const auto [known, added] = answers_.try_emplace(block);
    if (added)
      known->second = find(block);
    return known->second;
  }

private:
  Answer find(std::uint32_t block) {
    Answer out;
    out.always = block == facts_.exit || !reachable(first_starts_, good_rounds_, block, block + rounds_)[facts_.exit];
    if (out.always)
      return out;
    out.only_on_error = !reachable({facts_.exit}, good_before_, facts_.blocks.size())[block];
    const std::vector<bool> may_end_without = reachable({facts_.exit}, good_before_, block);
    // Outermost first: blocks count down to the exit.
    for (auto branch = ways_.undecided.rbegin(); branch != ways_.undecided.rend(); ++branch)
      if (*branch != block && !reached_without(*branch)[block])
        if (const Edge *only = only_way(*branch, block, may_end_without))
          out.conditions.push_back(
              describe(facts_.blocks[*branch], *only, place_(facts_.blocks[*branch].condition_at)));
    return out;
  }

  /// The only edge of `branch` that leads to `block`, if another one leads past it to a good end.
  const Edge *only_way(std::uint32_t branch, std::uint32_t block, const std::vector<bool> &may_end_without) {
    const Edge *only = nullptr;
    bool good_way_past = false;
    for (const Edge &edge : facts_.blocks[branch].edges) {
      if (!ways_.edges.contains({branch, edge.to}))
        continue;
      if (leads_to(branch, edge.to)[block]) {
        if (only)
          return nullptr;
        only = &edge;
      } else {
        good_way_past |= may_end_without[edge.to];
      }
    }
    return good_way_past ? only : nullptr;
  }

  const std::vector<bool> &reached_without(std::uint32_t branch) {
    const auto [known, added] = reached_without_.try_emplace(branch);
    if (added)
      known->second = reachable(starts_, next_, branch);
    return known->second;
  }

  const std::vector<bool> &leads_to(std::uint32_t branch, std::uint32_t to) {
    const auto [known, added] = leads_to_.try_emplace({branch, to});
    if (added)
      known->second = reachable({to}, next_, branch);
    return known->second;
  }

  const FunctionFacts &facts_;
  const TakenWays &ways_;
  const std::function<SourcePlace(const FactPlace &)> &place_;
  const std::uint32_t rounds_; ///< between the two vertices of a block
  const std::vector<std::uint32_t> first_starts_;
  std::vector<std::uint32_t> starts_;
  Neighbours next_, good_before_, good_rounds_;
  std::map<std::uint32_t, Answer> answers_;
  std::map<std::uint32_t, std::vector<bool>> reached_without_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<bool>> leads_to_;
};

} // namespace

void find_conditions(const FunctionFacts &facts, const WaysByProcess &ways,
                     const std::function<SourcePlace(const FactPlace &)> &place, std::vector<Item> &items) {
  if (items.empty())
    return;
  std::map<std::pair<ProcessRole, ResourceId>, Conditions> conditions;
  for (Item &item : items) {
    const std::pair process{item.process, item.fork};
    // A process that ends in the block where it begins has taken no way.
    static const TakenWays kNone;
    const auto known = ways.find(process);
    const TakenWays &taken = known == ways.end() ? kNone : known->second;
    const Conditions::Answer &answer =
        conditions.try_emplace(process, facts, taken, place).first->second.of(item.block);
    item.conditions.insert(item.conditions.end(), answer.conditions.begin(), answer.conditions.end());
    // Several functions behind one call: each is only perhaps the one.
    const bool one_of_several = item.into && std::any_of(items.begin(), items.end(), [&](const Item &other) {
      return other.into && other.into != item.into && other.block == item.block && other.process == item.process &&
             other.fork == item.fork &&
             other.at.line == item.at.line && other.at.column == item.at.column;
    });
    item.only_on_error = answer.only_on_error;
    if (item.into && item.into->does_something_on_error)
      item.passes_error_on = ErrorPath(facts, taken).leads_only_to_errors(item.block, item.call);
    item.certainty =
        answer.always && item.conditions.empty() && !one_of_several ? Certainty::always : Certainty::maybe;
  }
}

} // namespace initorder
