// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/order.h"

#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace initorder::inspect {
namespace {

using Kind = OrderStep::Kind;

class Reconstruction {
public:
  explicit Reconstruction(const Process &process) : process_(process) {}

  InitOrder build() {
    for (std::size_t i = 0; i < process_.objects.size(); ++i) {
      const std::string name(trace::base_name(process_.objects[i].path));
      out_.steps.push_back({Kind::load, static_cast<unsigned>(i), name, name, i});
    }
    add_keys();
    add_handlers(Kind::fork_handler, process_.fork_handlers, process_.fork_handlers_known, "at-fork handlers");
    add_handlers(Kind::exit_handler, process_.exit_handlers, process_.exit_handlers_known, "exit handlers");
    std::ranges::stable_sort(out_.steps, {}, [](const OrderStep &step) { return std::tuple(step.not_before, step.kind); });
    out_.cannot_tell.push_back("whether a key, an at-fork handler or an exit handler came before one of another kind, or "
                               "before an object that was loaded after its owner");
    return std::move(out_);
  }

private:
  /// Adds a step that comes after the last one of its list and after its owner. Of an object that is there twice, the
  /// first: `not_before` is a lower bound.
  void add(OrderStep step, std::size_t &after) {
    const auto owner = std::ranges::find_if(process_.objects, [&](const LoadedObject &object) {
      return !step.owner.empty() && trace::base_name(object.path) == step.owner;
    });
    if (owner != process_.objects.end())
      after = std::max(after, static_cast<std::size_t>(owner - process_.objects.begin()));
    step.not_before = after;
    out_.steps.push_back(std::move(step));
  }

  /// glibc gives out the first number that is free: a key that has its number for the first time was made after all
  /// lower numbers had been taken once. One that took over a number came after whoever had it, and when is not known.
  void add_keys() {
    constexpr std::uint64_t first_use = 1;
    std::size_t after = 0;
    if (!process_.keys_known)
      out_.cannot_tell.push_back("in which order keys were made: they could not be read");
    for (const Key &key : process_.keys)
      if (key.generation == first_use)
        add({Kind::key, key.number, key.name, key.object}, after);
      else
        out_.cannot_tell.push_back(fmt::format("when key {}{} was made: its number was given back and taken again",
                                               key.number, key.name.empty() ? "" : fmt::format(" ({})", key.name)));
  }

  void add_handlers(Kind kind, const std::vector<Handler> &handlers, bool known, const char *name) {
    if (!known)
      out_.cannot_tell.push_back(fmt::format("in which order {} were registered: they could not be read", name));
    std::size_t after = 0;
    for (std::size_t i = 0; i < handlers.size(); ++i) {
      const Frame &function = handlers[i].function;
      add({kind, static_cast<unsigned>(i),
           fmt::format("{} {}", handlers[i].when,
                       function.function.empty() ? trace::place_of(function).file : function.function),
           handlers[i].object},
          after);
    }
  }

  const Process &process_;
  InitOrder out_;
};

} // namespace

InitOrder init_order(const Process &process) {
  return Reconstruction(process).build();
}

} // namespace initorder::inspect
