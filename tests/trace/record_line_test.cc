// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/record_line.h"

#include "tests/trace/every_kind.h"

#include <set>

namespace initorder::trace {

// What a test is called when it fails.
static void PrintTo(const Record &record, std::ostream *out) {
  *out << line_of(record).substr(0, 60);
}

class EachRecord : public testing::TestWithParam<Record> {};

/// What is written is what is read: line_of() writes all there is.
TEST_P(EachRecord, ComesBackAsItWas) {
  const std::string line = line_of(GetParam());
  const Result<Record> read = record_of(line);
  ASSERT_TRUE(read.has_value()) << read.error().text() << "\n" << line;
  EXPECT_EQ(read->what.index(), GetParam().what.index());
  EXPECT_EQ(line_of(*read), line);
}

TEST_P(EachRecord, IsOneLine) {
  EXPECT_EQ(line_of(GetParam()).find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(RecordLine, EachRecord, testing::ValuesIn(every_kind()));

TEST(RecordLine, TheSampleHasEveryKind) {
  std::set<std::size_t> kinds;
  for (const Record &record : every_kind())
    kinds.insert(record.what.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<decltype(Record::what)>);
}

TEST(RecordLine, MembersOfACallComeBack) {
  Timeline timeline;
  const Frame frame{.object = "/lib/tls.so", .offset = 0x1a2b, .function = "f", .into = 3, .source = {"a.c", 1, 2}};
  timeline.phase("mod-init")
      .entry("tls", "mod_init")
      .calls("pthread_setspecific", "pthread", {"tsd.set"})
      .from({frame});
  timeline.with({.name = "value", .number = -5, .memory = Memory::shared, .function = frame, .text = "x"});
  const Result<Record> read = record_of(line_of(timeline.records().back()));
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->number, 4u);
  EXPECT_EQ(read->at, std::chrono::milliseconds(4));
  EXPECT_EQ(read->thread, 100);
  EXPECT_EQ(read->phase, "mod-init");
  EXPECT_EQ(read->module, "tls");
  const Called &called = std::get<Called>(read->what);
  EXPECT_EQ(called.call, CallNumber{1});
  EXPECT_EQ(called.function, "pthread_setspecific");
  EXPECT_EQ(called.library, "pthread");
  EXPECT_THAT(called.effects, ElementsAre("tsd.set"));
  ASSERT_THAT(called.stack, SizeIs(1));
  EXPECT_EQ(called.stack[0].object, "/lib/tls.so");
  EXPECT_EQ(called.stack[0].offset, 0x1a2bu);
  EXPECT_EQ(called.stack[0].function, "f");
  EXPECT_EQ(called.stack[0].into, 3u);
  EXPECT_EQ(called.stack[0].source, (SourcePlace{"a.c", 1, 2}));
  ASSERT_THAT(called.arguments, SizeIs(1));
  EXPECT_EQ(called.arguments[0].number, -5);
  EXPECT_EQ(called.arguments[0].memory, Memory::shared);
  EXPECT_EQ(called.arguments[0].text, "x");
  EXPECT_EQ(called.arguments[0].function->offset, 0x1a2bu);
}

TEST(RecordLine, BytesThatAreNotUtf8AreReplaced) {
  Timeline timeline;
  timeline.add(ObjectLoaded{"/lib/\xff\xfe.so", "", 0});
  const Result<Record> read = record_of(line_of(timeline.records().back()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(std::get<ObjectLoaded>(read->what).object, "/lib/\xef\xbf\xbd\xef\xbf\xbd.so");
}

TEST(RecordLine, MembersOfALaterVersionArePassedOver) {
  EXPECT_TRUE(record_of(R"({"n":1,"at-ns":2,"process":0,"thread":1,"kind":"came-up","weather":{"rain":[1]}})"));
}

struct Mistake {
  const char *line;
  const char *what;
};
static void PrintTo(const Mistake &mistake, std::ostream *out) {
  *out << mistake.line;
}

class MalformedLine : public testing::TestWithParam<Mistake> {};

TEST_P(MalformedLine, IsRefusedWithAReason) {
  const Result<Record> read = record_of(GetParam().line);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, Error::Kind::malformed);
  EXPECT_THAT(read.error().what, HasSubstr(GetParam().what));
}

#define HEAD R"({"n":1,"at-ns":2,"process":0,"thread":1,)"
INSTANTIATE_TEST_SUITE_P(
    RecordLine, MalformedLine,
    testing::Values(Mistake{"", "is not JSON"}, Mistake{"{", "is not JSON"}, Mistake{"17", "is no object"},
                    Mistake{"[]", "is no object"}, Mistake{"{}", "'n' is missing"},
                    Mistake{R"({"n":-1})", "'n' is no whole number in its range"},
                    Mistake{R"({"n":1.5})", "'n' is no whole number in its range"},
                    Mistake{R"({"n":99999999999999999999999})", "'n' is no whole number in its range"},
                    Mistake{R"({"n":1,"at-ns":2,"process":4294967296})", "'process' is no whole number in its range"},
                    Mistake{HEAD R"("kind":"dance"})", "'kind' may not be 'dance'"},
                    Mistake{HEAD R"("kind":7})", "'kind' is no text"},
                    Mistake{HEAD R"("kind":"called","call":1})", "'function' is missing"},
                    Mistake{HEAD R"("kind":"finished","why":"tired"})", "'why' may not be 'tired'"},
                    Mistake{HEAD R"("kind":"returned","call":1,"outputs":{}})", "'outputs' is no list"},
                    Mistake{HEAD R"("kind":"returned","call":1,"outputs":[7]})", "is no object"},
                    Mistake{HEAD R"("kind":"came-up","x":[[[[[[[[[[[[1]]]]]]]]]]]]})", "too deep"}));

TEST(RecordLine, AnotherSchemaIsNamed) {
  const Result<Record> read = record_of(HEAD R"("kind":"began","initorder-trace":2,"command":[]})");
  ASSERT_FALSE(read.has_value());
  EXPECT_THAT(read.error().what, HasSubstr("schema 2"));
}

TEST(RecordLine, MuchNestingIsRefusedQuickly) {
  EXPECT_FALSE(record_of(std::string(1'000'000, '[')));
  EXPECT_FALSE(record_of(std::string(400'000, '[') + std::string(400'000, ']')));
}

} // namespace initorder::trace
