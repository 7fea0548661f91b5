// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Builds event sequences by hand, and a small host to judge them by.
#pragma once

#include "rules/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace initorder {

/// load, register, tls-pre-init, mod-init (all before the fork), fork, child-init (in a worker), serving.
/// Milestone "keys-fixed": an at-fork registration of tls in mod-init, else the beginning of tls-pre-init.
inline HostPack small_host() {
  HostPack host;
  for (const char *id : {"register", "tls-pre-init", "mod-init"})
    host.phases.push_back({.id = id, .before_fork = true});
  host.phases.push_back({.id = "fork", .fork = true});
  host.phases.push_back({.id = "child-init", .process = ProcessRole::worker});
  host.phases.push_back({.id = "serving"});
  Milestone::Alternative registered{.event = {.effects = {"atfork.register"}, .phases = {"mod-init"}}, .module = "tls"};
  Milestone::Alternative begun{.phase_begins = "tls-pre-init"};
  host.milestones.push_back({.id = "keys-fixed", .alternatives = {registered, begun}});
  return host;
}

/// One scenario's events, in the order in which they are added. Each call changes the latest event.
class Timeline {
public:
  explicit Timeline(Scenario scenario = {}) { sequence_.scenario = std::move(scenario); }

  /// An event of the main process. Its site is line `line` of a.c, its call is the effect's name.
  Timeline &main(std::string phase, std::string effect, unsigned line) {
    Event event;
    event.call = effect;
    event.effect = std::move(effect);
    event.place = {.phase = std::move(phase), .module = "a"};
    event.site = {"a.c", line, 3};
    sequence_.events.push_back(std::move(event));
    return *this;
  }
  /// An event of the worker with this number, from 1.
  Timeline &worker(unsigned id, std::string phase, std::string effect, unsigned line) {
    main(std::move(phase), std::move(effect), line);
    last().place.process = ProcessRole::worker;
    last().place.process_id = id;
    return *this;
  }
  Timeline &forks(unsigned id) { return last().child = id, *this; }
  Timeline &forked_by(unsigned id) { return last().place.parent_id = id, *this; }
  Timeline &on(ThreadRole thread) { return last().place.thread = thread, *this; }
  Timeline &in(std::string module) { return last().place.module = std::move(module), *this; }
  Timeline &at_unit(std::string unit) { return last().site_unit = std::move(unit), *this; }
  Timeline &calls(std::string call) { return last().call = std::move(call), *this; }
  Timeline &of(std::string library) { return last().library = std::move(library), *this; }
  Timeline &by(std::string object) { return last().object = std::move(object), *this; }
  Timeline &resource(std::uint64_t id) { return last().resource = id, *this; }
  Timeline &unless_earlier(std::string effect) { return last().unless_earlier.push_back(std::move(effect)), *this; }
  Timeline &maybe() { return last().certainty = Certainty::maybe, *this; }
  Timeline &through(std::string function) {
    last().path.push_back({.function = std::move(function)});
    return *this;
  }

  EventSequence sequence() const { return sequence_; }

private:
  Event &last() { return sequence_.events.back(); }
  EventSequence sequence_;
};

/// A check with one pattern.
inline Check check(Pattern pattern, std::string id = "rule") {
  Check out;
  out.id = std::move(id);
  out.patterns.push_back(std::move(pattern));
  return out;
}

/// Judges one timeline by one pattern.
inline std::vector<Finding> judge_one(const Timeline &timeline, Pattern pattern) {
  return judge({timeline.sequence()}, {check(std::move(pattern))}, small_host());
}

/// A finding at this line of a.c.
MATCHER_P(AtLine, line, "") {
  return arg.site.line == static_cast<unsigned>(line);
}

/// An event with this effect.
MATCHER_P(HasEffect, effect, "") {
  return arg.effect == effect;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

} // namespace initorder
