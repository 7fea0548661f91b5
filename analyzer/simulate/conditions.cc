// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An item happens always when no way from the start of its process to a good end goes past its block. To serve for good
// is a good end too. What a forked process does depends on what the fork depends on, besides.
// Otherwise it depends on the undecided branches of which one side leads to it and another need not.
#include "analyzer/simulate/error_path.h"
#include "analyzer/simulate/function_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

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
        first_starts_(ways.starts.begin(), ways.starts.end()),
        good_ends_(ways.lasting.begin(), ways.lasting.end()), next_(rounds_), good_before_(rounds_),
        good_rounds_(2 * std::size_t{rounds_}) {
    good_ends_.push_back(facts.exit);
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
    out.always = block == facts_.exit || !may_go_past(block);
    if (out.always)
      return out;
    out.only_on_error = !reachable(good_ends_, good_before_, rounds_)[block];
    // Outermost first: blocks count down to the exit.
    for (auto branch = ways_.undecided.rbegin(); branch != ways_.undecided.rend(); ++branch)
      if (*branch != block && !reached_without(*branch)[block])
        if (const Edge *only = only_way(*branch, block))
          out.conditions.push_back(
              describe(facts_.blocks[*branch], *only, place_(facts_.blocks[*branch].condition_at)));
    return out;
  }

  /// A block from which the process need not go on is past those that come after it.
  bool may_go_past(std::uint32_t block) const {
    const std::vector<bool> reached = reachable(first_starts_, good_rounds_, block, block + rounds_);
    return std::ranges::any_of(good_ends_, [&](std::uint32_t end) { return reached[end] || reached[end + rounds_]; });
  }

  /// The only edge of `branch` that leads to `block`, if another one leads past it to a good end, and not round to the
  /// branch again: that a loop has ended is no condition.
  const Edge *only_way(std::uint32_t branch, std::uint32_t block) {
    const std::vector<bool> may_end_without = reachable(good_ends_, good_before_, block, branch);
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
        const bool serves_on = edge.to >= branch && ways_.lasting.contains(branch);
        good_way_past |= may_end_without[edge.to] || serves_on;
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
  std::vector<std::uint32_t> good_ends_, starts_;
  Neighbours next_, good_before_, good_rounds_;
  std::map<std::uint32_t, Answer> answers_;
  std::map<std::uint32_t, std::vector<bool>> reached_without_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<bool>> leads_to_;
};

/// For all processes of a function.
class AllConditions {
public:
  using Process = std::pair<ProcessRole, ResourceId>;

  AllConditions(const FunctionFacts &facts, const WaysByProcess &ways,
                const std::function<SourcePlace(const FactPlace &)> &place)
      : facts_(facts), ways_(ways), place_(place) {}

  /// A process that ends in the block where it begins has taken no way.
  const TakenWays &ways_of(const Process &process) const {
    static const TakenWays kNone;
    const auto known = ways_.find(process);
    return known == ways_.end() ? kNone : known->second;
  }

  Conditions::Answer of(const Process &process, std::uint32_t block, std::uint32_t call) {
    Conditions::Answer out = of_itself(process, block);
    const auto &lasting = ways_of(process).lasting_calls;
    if (const auto before = lasting.find(block); before != lasting.end() && before->second < call)
      out.always = false;
    // Where several forks are told by the same call, nobody knows which it was.
    std::set<Process> seen = {process};
    for (const TakenWays *ways = &ways_of(process); ways->forked_in.size() == 1;) {
      const auto &[parent, fork] = *ways->forked_in.begin();
      if (!seen.insert(parent).second)
        break;
      const Conditions::Answer &above = of_itself(parent, fork);
      out.always &= above.always;
      out.conditions.insert(out.conditions.begin(), above.conditions.begin(), above.conditions.end());
      ways = &ways_of(parent);
    }
    return out;
  }

private:
  const Conditions::Answer &of_itself(const Process &process, std::uint32_t block) {
    return conditions_.try_emplace(process, facts_, ways_of(process), place_).first->second.of(block);
  }

  const FunctionFacts &facts_;
  const WaysByProcess &ways_;
  const std::function<SourcePlace(const FactPlace &)> &place_;
  std::map<Process, Conditions> conditions_;
};

} // namespace

namespace {

/// The blocks from which `block` is reached, and that it reaches: the loop that goes through it.
std::vector<bool> loop_through(std::uint32_t block, const Neighbours &next, const Neighbours &before) {
  const auto none = static_cast<std::uint32_t>(next.size());
  std::vector<bool> out = reachable({block}, next, none);
  const std::vector<bool> back = reachable({block}, before, none);
  for (std::uint32_t b = 0; b < none; ++b)
    out[b] = out[b] && back[b];
  return out;
}

/// i < 2: a loop over locals ends by itself.
bool counts(const Expr &condition) {
  bool reads_local = false, calls = false;
  for_each_part(condition, [&](const Expr &part) {
    reads_local |= part.kind == Expr::Kind::local;
    calls |= part.kind == Expr::Kind::call;
  });
  return reads_local && !calls;
}

} // namespace

void find_endless_loops(const FunctionFacts &facts, TakenWays &ways) {
  const auto blocks = static_cast<std::uint32_t>(facts.blocks.size());
  Neighbours next(blocks), before(blocks);
  for (const auto &[from, to] : ways.good_edges) {
    next[from].push_back(to);
    before[to].push_back(from);
  }
  // A process that ends itself does not stay in the loop either.
  std::vector<bool> goes_on(blocks);
  for (const auto &[from, to] : ways.edges)
    goes_on[from] = true;
  std::vector<std::uint32_t> last = {facts.exit};
  for (const auto &[from, to] : ways.good_edges)
    if (!goes_on[to] && !ways.lasting_calls.contains(to))
      last.push_back(to);
  const std::vector<bool> comes_to_an_end = reachable(last, before, blocks);
  // Blocks count down to the exit, so the loops that come later are looked at first. Of loops in each other it is the
  // outermost one that goes on for good, and the blocks at which it begins anew. One that counts and then leads to a later
  // one only comes before it.
  for (std::uint32_t head = 0; head < blocks; ++head) {
    if (std::ranges::none_of(before[head], [&](std::uint32_t from) { return from <= head; }))
      continue;
    const std::vector<bool> loop = loop_through(head, next, before);
    const bool is_counted = counts(facts.blocks[head].condition);
    const bool is_inner = std::find(loop.begin() + head + 1, loop.end(), true) != loop.end();
    if (is_inner || comes_to_an_end[head] || (is_counted && reachable(last, before, blocks)[head]))
      continue;
    for (const std::uint32_t from : before[head])
      if (from <= head && loop[from])
        ways.lasting.insert(from);
    last.push_back(head);
  }
}

void find_conditions(const FunctionFacts &facts, const WaysByProcess &ways,
                     const std::function<SourcePlace(const FactPlace &)> &place, std::vector<Item> &items) {
  if (items.empty())
    return;
  AllConditions conditions(facts, ways, place);
  for (Item &item : items) {
    const std::pair process{item.process, item.fork};
    const Conditions::Answer answer = conditions.of(process, item.block, item.call);
    item.conditions.insert(item.conditions.end(), answer.conditions.begin(), answer.conditions.end());
    // Several functions behind one call: each is only perhaps the one.
    const bool one_of_several = item.into && std::any_of(items.begin(), items.end(), [&](const Item &other) {
      return other.into && other.into != item.into && other.block == item.block && other.process == item.process &&
             other.fork == item.fork &&
             other.at.line == item.at.line && other.at.column == item.at.column;
    });
    // A worker that ends is no error of the function: nobody is left to pass it on.
    const bool ends_worker = item.process == ProcessRole::worker && item.api && item.api->never_returns;
    item.only_on_error = answer.only_on_error && !ends_worker;
    if (item.into && item.into->does_something_on_error && !item.into->outcomes.empty())
      item.passes_error_on = leads_only_to_errors(facts, conditions.ways_of(process), item.block, item.call);
    item.certainty =
        answer.always && item.conditions.empty() && !one_of_several ? Certainty::always : Certainty::maybe;
  }
}

} // namespace initorder
