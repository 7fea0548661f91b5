// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A rule as data: rules/checks/<id>.yaml. It says which event breaks it, given which others.
#pragma once

#include "rules/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace initorder {

enum class Severity : std::uint8_t { note, warning, error };

/// Which events are meant. Every part that is given must hold; an empty part holds for all.
struct Selector {
  std::vector<std::string> effects;    ///< any of these
  std::optional<ProcessRole> process;
  std::vector<ThreadRole> threads;     ///< any of these
  std::vector<std::string> phases;     ///< any of these phase ids
  std::optional<bool> before_fork;     ///< in the main process, in a phase that some worker's fork follows
  std::string before;                  ///< id of a milestone of the host pack that must come later
  std::string after;                   ///< id of a milestone of the host pack that must have come
};

/// A name that a pack uses and that some pack must define.
struct Mention {
  enum class Of { phase, milestone, effect };
  Of of = Of::effect;
  std::string name;
  std::string where; ///< "file:line:column"
};

/// Another event that must (or must not) be there for a pattern to hold.
struct Companion {
  enum class Order {
    anywhere, ///< anywhere in the sequence
    earlier,  ///< before the matched event, in the same process or in one from which it was forked
    later,    ///< after the matched event, in the same process or in any that comes from it
  };
  Order order = Order::anywhere;
  Selector selector;
  bool same_resource = false; ///< closes (or opens) what the matched event opens (or closes)
  bool same_library = false;
  bool same_module = false;
  bool other_object = false; ///< observed only: another object file holds the call; never holds of predicted events
  /// Later, and before a fork of the host that follows the matched event: a process that is forked between the two has
  /// inherited what the matched event left. Judged by phase, so a fork by a module itself is not seen.
  bool before_next_fork = false;
  bool in_child = false; ///< later, and in the process that the matched event forks, or one that comes from it; where the
                         ///< event does not say which that is, in any that comes from the event's own
  bool same_process = false; ///< later, and in the event's own process, not in one that comes from it
  bool perhaps = false; ///< under `unless`: one that may be there excuses too (a handler that clears what is set)
};

/// One way to break a rule.
struct Pattern {
  Selector match;
  std::vector<Companion> needs;  ///< all must be found
  std::vector<Companion> unless; ///< none may be found
  /// The message. {call}, {module}, {phase}, {function}, {effect}, {object} stand for the event's.
  std::string says;
};

/// A rule.
struct Check {
  std::string id;            ///< "openssl-state-before-fork"; the file's name without .yaml
  std::string title;         ///< one line for the list
  Severity severity = Severity::warning;
  std::string why;           ///< a paragraph: what goes wrong, how it shows
  std::string fix;           ///< a paragraph: how it is cured
  std::string example;       ///< a few lines of C that break it
  std::vector<std::string> sources; ///< issues, commits, manuals
  std::vector<Pattern> patterns;
  std::vector<Mention> mentions; ///< where its selectors name phases, milestones, effects; for load_packs
};

} // namespace initorder
