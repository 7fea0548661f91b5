// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/packs/pack_files.h"

namespace initorder {

using HostFile = PackFiles;

TEST_F(HostFile, AllKeysAreRead) {
  const auto host = load_host_pack(write("h.yaml", R"yaml(host: server
title: "a server"
layouts:
  - name: new
    recognise: [{file: a.h}, {file: b.h, contains: text}]
    modules: [src/modules]
    exclude: [test]
    include-paths: [src]
    defines: [A=1]
    module-defines: ['NAME="{module}"']
phases:
  - id: start
    title: "start()"
    process: main
    before-fork: true
    opened-by: [start]
    entries:
      - {kind: symbol, names: [init]}
      - {kind: core-symbol, names: [core_init]}
      - {kind: field, names: [exports.init, exports.old], arguments: [-127]}
      - {kind: table, names: [param.function], flag-field: type, flag-bits: 0x80000000, one-of: true}
      - {kind: constructor}
      - {kind: link}
    source: "start.c"
  - {id: forks, title: "fork", fork: true, source: "start.c"}
  - {id: work, title: "work", process: worker, source: "start.c"}
milestones:
  - id: fixed
    title: "fixed"
    alternatives:
      - {effect: register, phases: [start], module: m}
      - {phase-begins: work}
scenario:
  - {name: mode, title: "mode", global: g, also-globals: [h], values: ["0", "1"]}
  - {name: m, title: "m", load-order-of: m, values: [first, last, absent]}
place-variables:
  - {global: process_no, in-main: 0, in-worker: -1}
functions:
  - {name: api.init, effects: [{effect: open}], resource: {opens: result}, source: "api.h"}
)yaml"));
  ASSERT_TRUE(host.has_value()) << error_of(host);
  const Layout &layout = host->layouts.at(0);
  EXPECT_EQ(layout.recognise.at(1).contains, "text");
  EXPECT_THAT(layout.modules, ElementsAre("src/modules"));
  EXPECT_THAT(layout.include_paths, ElementsAre("src"));
  EXPECT_THAT(layout.module_defines, ElementsAre("NAME=\"{module}\""));

  ASSERT_THAT(host->phases, SizeIs(3));
  const std::vector<EntryPoint> &entries = host->phases[0].entries;
  ASSERT_THAT(entries, SizeIs(6));
  EXPECT_EQ(entries[1].kind, EntryPoint::Kind::core_symbol);
  EXPECT_THAT(entries[2].names, ElementsAre("exports.init", "exports.old"));
  EXPECT_THAT(entries[2].arguments, ElementsAre(-127));
  EXPECT_EQ(entries[3].flag_bits, 0x80000000u);
  EXPECT_TRUE(entries[3].one_of);
  EXPECT_EQ(entries[5].kind, EntryPoint::Kind::link);
  EXPECT_TRUE(host->phases[0].before_fork && host->phases[1].fork);
  EXPECT_EQ(host->phases[2].process, ProcessRole::worker);

  const std::vector<Milestone::Alternative> &alternatives = host->milestones.at(0).alternatives;
  EXPECT_THAT(alternatives.at(0).event.effects, ElementsAre("register"));
  EXPECT_EQ(alternatives[0].module, "m");
  EXPECT_EQ(alternatives.at(1).phase_begins, "work");
  EXPECT_THAT(host->scenario.at(0).also_globals, ElementsAre("h"));
  EXPECT_EQ(host->scenario.at(1).load_order_of, "m");
  EXPECT_EQ(host->place_variables.at(0).in_worker, -1);
  EXPECT_EQ(host->functions.at(0).name, "api.init");
}

/// A host whose last lines, from line 6 on, are given.
class HostMistake : public PackFiles {
protected:
  std::string error_of_host(const std::string &rest) const {
    return error_of(load_host_pack(write("h.yaml", "host: h\ntitle: h\nlayouts:\n  - name: all\n"
                                                   "    recognise: [{file: a.h}]\n" +
                                                       rest)));
  }
  std::string error_of_entry(const std::string &entry) const {
    return error_of_host("phases:\n  - {id: a, title: a, source: s, entries: [\n" + entry + "]}\n");
  }
};

TEST_F(HostMistake, AListThatMustNotBeEmpty) {
  EXPECT_EQ(error_of_host("phases: []\n"), "h.yaml:6:9: 'phases' of a host must not be empty");
}

TEST_F(HostMistake, ASecondPhaseOfTheSameName) {
  EXPECT_EQ(error_of_host("phases:\n  - {id: a, title: a, source: s}\n  - {id: a, title: b, source: s}\n"),
            "h.yaml:8:10: a second phase 'a'; the first is in line 7");
}

TEST_F(HostMistake, WorkersDoNotRunBeforeTheirFork) {
  EXPECT_EQ(error_of_host("phases:\n  - {id: a, title: a, source: s, process: worker, before-fork: true}\n"),
            "h.yaml:7:5: 'before-fork', 'fork' and 'module-by-module' are for phases of the main process");
}

TEST_F(HostMistake, EntriesHaveWhatTheirKindNeeds) {
  EXPECT_EQ(error_of_entry("{kind: symbol, names: [f]}"), "no error");
  EXPECT_EQ(error_of_entry("{kind: symbol}"), "h.yaml:8:1: this kind of entry point needs 'names'");
  EXPECT_EQ(error_of_entry("{kind: link, names: [f]}"), "h.yaml:8:1: this kind of entry point has no 'names'");
  EXPECT_EQ(error_of_entry("{kind: field, names: [f]}"),
            "h.yaml:8:1: 'f' must be a structure and its field: 'module_exports.init_mod_f'");
  EXPECT_EQ(error_of_entry("{kind: field, names: [s.f], one-of: true}"),
            "h.yaml:8:1: 'flag-field', 'flag-bits' and 'one-of' are for tables");
  EXPECT_EQ(error_of_entry("{kind: table, names: [s.f], flag-field: type}"),
            "h.yaml:8:1: 'flag-field' and 'flag-bits' (not 0) need each other");
}

TEST_F(HostMistake, NumbersThatDoNotFit) {
  EXPECT_EQ(error_of_entry("{kind: field, names: [s.f], arguments: [9223372036854775808]}"),
            "h.yaml:8:41: number out of range: must be from -9223372036854775808 to 9223372036854775807");
  EXPECT_EQ(error_of_entry("{kind: table, names: [s.f], flag-field: type, flag-bits: -1}"),
            "h.yaml:8:58: number out of range: must be from 0 to 18446744073709551615");
  EXPECT_EQ(error_of_entry("{kind: field, names: [s.f], arguments: [0x]}"), "h.yaml:8:41: must be a whole number");
  EXPECT_EQ(error_of_entry("{kind: field, names: [s.f], arguments: [--1]}"), "h.yaml:8:41: must be a whole number");
}

TEST_F(HostMistake, MilestonesAreEventsOrBeginnings) {
  const std::string phases = "phases: [{id: a, title: a, source: s}]\nmilestones:\n  - id: m\n    title: m\n";
  EXPECT_EQ(error_of_host(phases + "    alternatives: [{phase-begins: a}]\n"), "no error");
  EXPECT_EQ(error_of_host(phases + "    alternatives: [{phase-begins: b}]\n"),
            "h.yaml:10:35: no phase 'b' in this host; nearest known: 'a'");
  EXPECT_EQ(error_of_host(phases + "    alternatives: [{module: a}]\n"),
            "h.yaml:10:20: an alternative needs either 'phase-begins' or 'effect'");
  EXPECT_EQ(error_of_host(phases + "    alternatives: [{phase-begins: a, module: a}]\n"),
            "h.yaml:10:20: 'phase-begins' stands alone in an alternative");
  // A milestone that waits for a milestone could wait for itself.
  EXPECT_THAT(error_of_host(phases + "    alternatives: [{effect: e, before: m}]\n"),
              HasSubstr("h.yaml:10:32: unknown key 'before' in an alternative"));
}

TEST_F(HostMistake, LoadOrdersAreFirstLastOrAbsent) {
  EXPECT_EQ(error_of_host("phases: [{id: a, title: a, source: s}]\n"
                          "scenario: [{name: v, title: v, load-order-of: v, values: [second]}]\n"),
            "h.yaml:7:12: 'second' is not a place in the load order: one of first, last, absent");
}

} // namespace initorder
