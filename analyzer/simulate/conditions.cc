// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An item happens always when no way from the start of its process to a good end goes past its block.
// Otherwise it depends on the undecided branches of which one side leads to it and another need not.
#include "analyzer/simulate/function_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {
namespace {

using Edges = std::set<std::pair<std::uint32_t, std::uint32_t>>;

/// Everything that can be reached from `starts` over `edges` without going through `avoid`.
std::set<std::uint32_t> reachable(const std::set<std::uint32_t> &starts, const Edges &edges, std::uint32_t avoid) {
  std::set<std::uint32_t> reached;
  std::vector<std::uint32_t> pending;
  const auto reach = [&](std::uint32_t block) {
    if (block != avoid && reached.insert(block).second)
      pending.push_back(block);
  };
  for (const std::uint32_t start : starts)
    reach(start);
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    for (auto edge = edges.lower_bound({block, 0}); edge != edges.end() && edge->first == block; ++edge)
      reach(edge->second);
  }
  return reached;
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

class Conditions {
public:
  Conditions(const FunctionFacts &facts, const TakenWays &ways,
             const std::function<SourcePlace(const FactPlace &)> &place)
      : facts_(facts), ways_(ways), place_(place) {}

  bool always(std::uint32_t block) const {
    const auto good = reachable(ways_.starts, ways_.good_edges, block);
    return !good.contains(facts_.exit);
  }

  std::vector<std::string> of(std::uint32_t block) const {
    std::vector<std::string> out;
    for (const std::uint32_t branch : ways_.undecided) {
      if (branch == block)
        continue;
      const Edge *only = nullptr;
      unsigned leading = 0;
      bool good_way_past = false;
      for (const Edge &edge : facts_.blocks[branch].edges) {
        if (!ways_.edges.contains({branch, edge.to}))
          continue;
        if (edge.to == block || reachable({edge.to}, ways_.edges, branch).contains(block)) {
          only = &edge;
          ++leading;
        }
        good_way_past |= reachable({edge.to}, ways_.good_edges, block).contains(facts_.exit);
      }
      if (leading == 1 && good_way_past)
        out.push_back(describe(facts_.blocks[branch], *only, place_(facts_.blocks[branch].condition_at)));
    }
    std::reverse(out.begin(), out.end()); // outermost first: blocks count down
    return out;
  }

private:
  const FunctionFacts &facts_;
  const TakenWays &ways_;
  const std::function<SourcePlace(const FactPlace &)> &place_;
};

} // namespace

void find_conditions(const FunctionFacts &facts, const std::array<TakenWays, 2> &ways,
                     const std::function<SourcePlace(const FactPlace &)> &place, std::vector<Item> &items) {
  for (Item &item : items) {
    const Conditions conditions(facts, ways[item.process == ProcessRole::main ? 0 : 1], place);
    if (conditions.always(item.block)) {
      item.certainty = item.conditions.empty() ? Certainty::always : Certainty::maybe;
      continue;
    }
    item.certainty = Certainty::maybe;
    for (std::string &condition : conditions.of(item.block))
      item.conditions.push_back(std::move(condition));
  }
}

} // namespace initorder
