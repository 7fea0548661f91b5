// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What packs tell the tracer.
#include "tests/packs/pack_files.h"

namespace initorder {

using Type = TracedArgument::Type;

/// A pack with one function whose keys beside `name` and `source` (from line 4, column 16) are given.
class FunctionTrace : public PackFiles {
protected:
  Result<LibraryPack> load(const std::string &keys) const {
    const std::string head = "library: l\nabout: l\nfunctions:\n  - {source: s, ";
    return load_library_pack(write("l.yaml", head + keys + ", name: f}\n"));
  }
  std::string error_with(const std::string &keys) const { return error_of(load(keys)); }
  TraceHint hint(const std::string &trace) const {
    const auto pack = load("trace: " + trace);
    EXPECT_TRUE(pack.has_value()) << error_of(pack);
    return pack ? pack->functions.at(0).trace : TraceHint();
  }
};

TEST_F(FunctionTrace, AllKeysAreRead) {
  const TraceHint trace = hint("{arguments: [{key: out-integer}, {_: skip}, {a: integer}, {b: pointer}, {c: function}, "
                               "{d: text}, {_: skip}, {e: out-pointer}], result: true, first: 1000000, "
                               "symbols: [__f, f2]}");
  std::vector<Type> types;
  for (const TracedArgument &argument : trace.arguments)
    types.push_back(argument.type);
  EXPECT_THAT(types, ElementsAre(Type::out_integer, Type::skip, Type::integer, Type::pointer, Type::function,
                                 Type::text, Type::skip, Type::out_pointer));
  EXPECT_EQ(trace.arguments[0].name, "key");
  EXPECT_TRUE(trace.result && trace.always);
  EXPECT_FALSE(trace.off || trace.slow_path);
  EXPECT_EQ(trace.first, 1'000'000u);
  EXPECT_THAT(trace.symbols, ElementsAre("__f", "f2"));
  EXPECT_TRUE(hint("{slow-path: true}").slow_path);
}

TEST_F(FunctionTrace, YesAndNoStandAlone) {
  EXPECT_TRUE(hint("yes").always);
  EXPECT_FALSE(hint("yes").off);
  EXPECT_TRUE(hint("no").off);
  EXPECT_FALSE(hint("no").always);
  EXPECT_EQ(error_with("trace: maybe"), "l.yaml:4:24: 'maybe' is not a way to trace: one of no, yes");
  EXPECT_EQ(error_with("trace: [yes]"), "l.yaml:4:24: a trace must be a map (key: value)");
}

TEST_F(FunctionTrace, WithoutAHintNothingIsAsked) {
  const auto pack = load("effects: [{effect: e}]");
  ASSERT_TRUE(pack.has_value()) << error_of(pack);
  EXPECT_FALSE(pack->functions.at(0).trace.always || pack->functions[0].trace.off);
  EXPECT_FALSE(pack->functions[0].effects.at(0).measured);
  EXPECT_TRUE(pack->functions[0].effects[0].predicted);
}

TEST_F(FunctionTrace, AnArgumentIsANameAndItsType) {
  EXPECT_EQ(error_with("trace: {arguments: [key]}"),
            "l.yaml:4:37: a traced argument is a name and its type: {key: out-integer}");
  EXPECT_EQ(error_with("trace: {arguments: [{a: text, b: text}]}"),
            "l.yaml:4:37: a traced argument is a name and its type: {key: out-integer}");
  EXPECT_EQ(error_with("trace: {arguments: [{a: string}]}"),
            "l.yaml:4:41: 'string' is not a type of argument: one of skip, integer, pointer, function, text, "
            "out-integer, out-pointer");
  EXPECT_EQ(error_with("trace: {arguments: [{a: skip}]}"),
            "l.yaml:4:38: an argument that is skipped has the name '_', and no other has it");
  EXPECT_EQ(error_with("trace: {arguments: [{_: text}]}"),
            "l.yaml:4:38: an argument that is skipped has the name '_', and no other has it");
  EXPECT_EQ(error_with("trace: {arguments: [{'': text}]}"), "l.yaml:4:38: a traced argument needs a name");
  EXPECT_EQ(error_with("trace: {arguments: [{a: text}, {a: text}]}"), "l.yaml:4:36: a second traced argument 'a'");
  EXPECT_EQ(error_with("trace: {arguments: []}"), "l.yaml:4:36: 'arguments' of a trace must not be empty");
}

TEST_F(FunctionTrace, NumbersThatDoNotFit) {
  EXPECT_EQ(error_with("trace: {first: 0}"), "l.yaml:4:32: number out of range: must be from 1 to 1000000");
  EXPECT_EQ(error_with("trace: {first: 1000001}"), "l.yaml:4:32: number out of range: must be from 1 to 1000000");
  EXPECT_EQ(error_with("trace: {first: few}"), "l.yaml:4:32: must be a whole number");
}

TEST_F(FunctionTrace, WhatASlowPathCannotTell) {
  EXPECT_EQ(error_with("trace: {slow-path: true, result: true}"),
            "l.yaml:4:24: 'result' cannot be read behind a 'slow-path'");
}

TEST_F(FunctionTrace, AnUnknownKeyIsNamed) {
  EXPECT_THAT(error_with("trace: {slow_path: true}"),
              HasSubstr("l.yaml:4:25: unknown key 'slow_path' in a trace; nearest known: 'slow-path'"));
}

TEST_F(FunctionTrace, MeasuredSaysWhoReadsAnEffect) {
  const auto pack = load("effects: [{effect: a}, {effect: b, measured: true}, {effect: c, measured: also}, "
                         "{effect: d, measured: false}]");
  ASSERT_TRUE(pack.has_value()) << error_of(pack);
  const std::vector<CallEffect> &effects = pack->functions.at(0).effects;
  EXPECT_TRUE(!effects.at(0).measured && effects[0].predicted);
  EXPECT_TRUE(effects.at(1).measured && !effects[1].predicted);
  EXPECT_TRUE(effects.at(2).measured && effects[2].predicted);
  EXPECT_TRUE(!effects.at(3).measured && effects[3].predicted);
  EXPECT_EQ(error_with("effects: [{effect: a, measured: yes}]"),
            "l.yaml:4:49: 'yes' is not a way to be measured: one of false, true, also, never, on-failure");
}

TEST_F(FunctionTrace, WhatOnlyATracerSeesIsNoPrediction) {
  const auto pack = load("effects: [{effect: a, measured: true}, {effect: b}, {effect: c, measured: also}]");
  ASSERT_TRUE(pack.has_value()) << error_of(pack);
  Packs packs;
  packs.libraries.push_back(*pack);
  packs.hosts.emplace_back().functions = packs.libraries[0].functions;
  const Packs left = predicted(packs);
  for (const auto &functions : {left.libraries.at(0).functions, left.hosts.at(0).functions}) {
    ASSERT_THAT(functions.at(0).effects, SizeIs(2));
    EXPECT_EQ(functions[0].effects[0].effect, "b");
    EXPECT_EQ(functions[0].effects[1].effect, "c");
  }
}

} // namespace initorder
