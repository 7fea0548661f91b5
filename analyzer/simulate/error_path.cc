// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/error_path.h"

#include <algorithm>
#include <tuple>

namespace initorder {
namespace {

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

} // namespace

bool leads_only_to_errors(const FunctionFacts &facts, const TakenWays &ways, std::uint32_t block, std::uint32_t call) {
  return ErrorPath(facts, ways).leads_only_to_errors(block, call);
}

} // namespace initorder
