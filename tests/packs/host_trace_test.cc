// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/packs/pack_files.h"

namespace initorder {

/// A host whose `trace` is given: in line 12, from column 8.
class HostTraceFile : public PackFiles {
protected:
  Result<HostPack> load(const std::string &trace) const {
    return load_host_pack(write("h.yaml", R"yaml(host: h
title: h
layouts:
  - name: all
    recognise: [{file: a.h}]
phases:
  - {id: start, title: a, source: s}
  - {id: work, title: b, source: s, process: worker}
functions:
  - {name: spawn, forks: true, source: s, trace: {arguments: [{rank: integer}, {what: text}]}}
  - {name: open, source: s, trace: {arguments: [{path: text}]}}
trace: )yaml" + trace + "\n"));
  }
  std::string error_with(const std::string &trace) const { return error_of(load(trace)); }
};

TEST_F(HostTraceFile, AllKeysAreRead) {
  const auto host = load(R"yaml(
  programs: [server, old-server]
  modules:
    - symbol: exports
      interface: {symbol: version, values: [4, -1]}
      name-offset: 8
      entries:
        - {name: mod_init, offset: 0x38, phases: [start]}
        - {name: child_init, offset: 300, phases: [start, work], arguments: 1}
        - {name: destroy, offset: 72}
      source: "module.h"
    - {symbol: exports, entries: [{name: init, offset: 0, phases: [start]}], source: "old module.h"}
  up-phase: work
  process-name-argument: what)yaml");
  ASSERT_TRUE(host.has_value()) << error_of(host);
  EXPECT_THAT(host->trace.programs, ElementsAre("server", "old-server"));
  ASSERT_THAT(host->trace.modules, SizeIs(2));
  const TracedModules &modules = host->trace.modules[0];
  EXPECT_EQ(modules.symbol, "exports");
  EXPECT_EQ(modules.interface_symbol, "version");
  EXPECT_THAT(modules.interface_values, ElementsAre(4, -1));
  EXPECT_EQ(modules.name_offset, 8u);
  ASSERT_THAT(modules.entries, SizeIs(3));
  EXPECT_EQ(modules.entries[0].phase_entry, "mod_init");
  EXPECT_EQ(modules.entries[0].offset, 0x38u);
  EXPECT_THAT(modules.entries[1].phases, ElementsAre("start", "work"));
  EXPECT_EQ(modules.entries[1].offset, 300u);
  EXPECT_EQ(modules.entries[1].arguments, 1u);
  EXPECT_THAT(modules.entries[2].phases, IsEmpty());
  EXPECT_EQ(modules.source, "module.h");
  EXPECT_EQ(host->trace.modules[1].interface_symbol, "");
  EXPECT_EQ(host->trace.up_phase, "work");
  EXPECT_EQ(host->trace.process_name_argument, "what");
}

TEST_F(HostTraceFile, ProgramsMustBeNamed) {
  EXPECT_EQ(error_with("{programs: [server]}"), "no error");
  EXPECT_EQ(error_with("{up-phase: work}"), "h.yaml:12:8: a host's trace lacks 'programs'");
  EXPECT_EQ(error_with("{programs: []}"), "h.yaml:12:19: 'programs' of a host's trace must not be empty");
}

TEST_F(HostTraceFile, PhasesMustBeThisHosts) {
  EXPECT_EQ(error_with("{programs: [s], up-phase: worker}"),
            "h.yaml:12:34: no phase 'worker' in this host; nearest known: 'work', 'start'");
  EXPECT_EQ(
      error_with("{programs: [s], modules: [{symbol: e, source: s, entries: [{name: i, offset: 8, phases: [stat]}]}]}"),
      "h.yaml:12:97: no phase 'stat' in this host; nearest known: 'start', 'work'");
}

TEST_F(HostTraceFile, AProcessIsNamedByATracedTextOfAFunctionThatForks) {
  EXPECT_EQ(
      error_with("{programs: [s], process-name-argument: rank}"),
      "h.yaml:12:47: no function of this host that forks has a traced text argument 'rank'; nearest known: 'what'");
  EXPECT_THAT(error_with("{programs: [s], process-name-argument: path}"), HasSubstr("traced text argument 'path'"));
}

TEST_F(HostTraceFile, ModulesNeedWhatTheirStructureIs) {
  EXPECT_EQ(error_with("{programs: [s], modules: [{symbol: e, source: s}]}"),
            "h.yaml:12:34: a layout of modules lacks 'entries'");
  EXPECT_EQ(error_with("{programs: [s], modules: [{symbol: e, source: s, entries: [{name: i}]}]}"),
            "h.yaml:12:67: a module's entry lacks 'offset'");
  EXPECT_EQ(error_with("{programs: [s], modules: [{symbol: e, source: s, entries: [{name: i, offset: 65536}]}]}"),
            "h.yaml:12:85: number out of range: must be from 0 to 65535");
  EXPECT_EQ(error_with("{programs: [s], modules: [{symbol: e, interface: {symbol: v}, source: s, entries: []}]}"),
            "h.yaml:12:57: an interface lacks 'values'");
}

} // namespace initorder
