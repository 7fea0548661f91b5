// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host and two libraries, as small as the tests of the verdict need them.
#pragma once

#include "tests/trace/timeline.h"
#include "tracer/trace/sequence.h"

namespace initorder::trace {

/// load and mod-init (before the fork), fork, child-init (in a worker).
inline HostPack small_host() {
  HostPack host;
  host.name = "small";
  host.title = "a small server";
  for (const char *id : {"load", "mod-init"})
    host.phases.push_back({.id = id, .title = std::string(id) + " of all modules", .before_fork = true});
  host.phases.push_back({.id = "fork", .title = "fork_process()", .fork = true});
  host.phases.push_back({.id = "child-init", .title = "init_child()", .process = ProcessRole::worker});
  return host;
}

/// Threads and keys of libc; and libcrypto, where one effect is measured deep inside.
inline std::vector<LibraryPack> small_libraries() {
  using Type = TracedArgument::Type;
  using In = ResourceRef::In;
  LibraryPack threads{.name = "threads", .objects = {"libc"}};
  threads.functions = {{.name = "key_create",
                        .effects = {{.effect = "tsd.key.create", .why = "takes a key"}},
                        .resource = ResourceRef{.in = In::pointed_to_by_argument, .success = 0},
                        .trace = {.arguments = {{"key", Type::out_integer}, {"destructor", Type::function}}},
                        .source = "key(3)"},
                       {.name = "key_delete",
                        .effects = {{.effect = "tsd.key.delete"}},
                        .resource = ResourceRef{.in = In::argument, .closes = true},
                        .trace = {.arguments = {{"key"}}}},
                       {.name = "key_set",
                        .effects = {{.effect = "tsd.set"}, {.effect = "tsd.clear"}},
                        .uses = ResourceRef{.in = In::argument},
                        .trace = {.arguments = {{"key"}, {"value", Type::pointer}}}},
                       {.name = "create",
                        .effects = {{.effect = "thread.start"}},
                        .resource = ResourceRef{.in = In::pointed_to_by_argument, .success = 0},
                        .trace = {.arguments = {{"thread", Type::out_pointer}}}},
                       {.name = "join",
                        .effects = {{.effect = "thread.join"}},
                        .resource = ResourceRef{.in = In::argument, .closes = true},
                        .trace = {.arguments = {{"thread"}}}},
                       {.name = "once", .runs = {{.argument = 1}}}};
  LibraryPack crypto{.name = "crypto", .objects = {"libcrypto", "libssl"}};
  crypto.functions = {
      {.name = "set_allocator",
       .effects = {{.effect = "allocator.set"}, {.effect = "allocator.refused", .on_failure = true}},
       .success = 1},
      {.name = "set_local", .effects = {{.effect = "state.create", .why = "keeps a value"}}},
      {.name = "connect", .effects = {{.effect = "connection.open"}}, .resource = ResourceRef{.in = In::result}},
      {.name = "rand", .effects = {{.effect = "state.create"}}}};
  crypto.own_calls = {{.effect = "tsd.key.create", .means = "crypto.key.create", .why = "its own"}};
  return {threads, crypto};
}

inline Frame frame(std::string object, std::string function = "", std::uint64_t offset = 0x10) {
  return {.object = "/usr/lib/" + std::move(object), .offset = offset, .function = std::move(function)};
}

inline std::vector<Event> events_of(const Timeline &timeline) {
  return sequence_of(timeline.records(), small_host(), small_libraries()).events;
}

/// The effects in the order of the sequence, each with the number of its process: "0 tsd.set".
inline std::vector<std::string> effects_of(const Timeline &timeline) {
  std::vector<std::string> out;
  for (const Event &event : events_of(timeline))
    out.push_back(std::to_string(event.place.process_id) + " " + event.effect);
  return out;
}

} // namespace initorder::trace
