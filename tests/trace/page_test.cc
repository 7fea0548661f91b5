// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a person sees of a trace: the page, and the live view.
#include "reports/trace/live_view.h"
#include "reports/trace/trace_report.h"
#include "tests/trace/small_packs.h"

#include <nlohmann/json.hpp>

#include <sstream>

#include <unistd.h>

namespace initorder::trace {
namespace {

constexpr ProcessNumber kFirst{1};
using ::testing::Not;

/// mod_init of tls draws random numbers, a worker does not.
Timeline server() {
  Timeline run;
  run.phase("mod-init").entry("tls", "mod_init").calls("rand", "crypto", {"state.create"});
  run.from({frame("libcrypto.so.3", "rand"), frame("tls.so", "", 0x20)}).returns(1).entry_ends("mod_init").phase_ends();
  run.phase("fork").forks_worker(kFirst).in(kFirst).add(ProcessNamed{"udp receiver child=0"});
  run.phase("child-init").entry("tls", "child_init", {1}).entry_ends("child_init").phase_ends().add(CameUp{});
  run.add(ProcessEnded{.signal = 11}).in(kLaunched).add(ProcessEnded{.status = 3}).add(Finished{});
  return run;
}

struct Written {
  std::vector<Record> records;
  Packs packs;
  Verdict verdict;
  std::string text;
  std::string json;
};
Written written(const Timeline &run, bool cut_off = false) {
  Written out{run.records(), {}, {}, {}, {}};
  out.packs.hosts = {small_host()};
  out.packs.libraries = small_libraries();
  out.packs.checks = {
      {.id = "early",
       .title = "too early",
       .patterns = {{.match = {.effects = {"state.create"}, .before_fork = true}, .says = "'{call}' is early"}}}};
  out.verdict = verdict_of(out.records, out.packs.hosts[0], out.packs, out.packs.checks);
  const TraceReport report{"its.trace", out.records, &out.packs.hosts[0], out.verdict, cut_off};
  std::ostringstream text, json;
  write_trace_text(report, out.packs.checks, {}, text);
  write_json(report_of({report}, out.verdict.findings, out.packs.checks, "1"), json);
  out.text = text.str();
  out.json = json.str();
  return out;
}

/// What the live view writes.
std::string live(const Timeline &run, bool workers = false) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  LiveView view(ends[1], false, workers);
  for (const Record &record : run.records())
    view.take(record);
  close(ends[1]);
  std::string text(65536, '\0');
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read(ends[0], text.data(), text.size()))));
  close(ends[0]);
  return text;
}

} // namespace

TEST(TracePage, SaysWhatRanAndHowItEnded) {
  const std::string text = written(server()).text;
  EXPECT_THAT(text, HasSubstr("trace of server -f its.cfg\n"));
  EXPECT_THAT(text, HasSubstr("  host    a small server\n"));
  EXPECT_THAT(text, HasSubstr("up after 15.0 ms; all processes ended after 18.0 ms"));
}

TEST(TracePage, SaysThatATraceWasCutOff) {
  EXPECT_THAT(written(server(), true).text, HasSubstr("cut off in the middle of its last line"));
  EXPECT_THAT(written(Timeline()).text, HasSubstr("it does not say how it ended"));
}

TEST(TracePage, ShowsPhasesWithWhatModulesCalled) {
  const std::string text = written(server()).text;
  EXPECT_THAT(text, HasSubstr("     2.0 ms  mod-init: 5.0 ms\n             tls mod_init: rand\n"));
  EXPECT_THAT(text, HasSubstr("child-init, in workers: 3.0 ms\n             nothing of interest: tls\n"));
}

TEST(TracePage, ShowsTheTreeOfProcesses) {
  const std::string text = written(server()).text;
  EXPECT_THAT(text, HasSubstr("    0      100  main process                              exited with 3\n"));
  EXPECT_THAT(text, HasSubstr("    1      101    udp receiver child=0                    killed by SIGSEGV\n"));
}

TEST(TracePage, FindingsHaveNoLineThatIsNotKnown) {
  const std::string text = written(server()).text;
  EXPECT_THAT(text, HasSubstr("tls.so+0x20: warning: 'rand' is early [early]\n"));
  EXPECT_THAT(text, Not(HasSubstr("0x20:0")));
  EXPECT_THAT(text, HasSubstr("1 finding (1 warning) in a small server: 2 processes, 1 call; 18.0 ms\n"));
}

TEST(TracePage, NamesCannotDriveTheTerminal) {
  Timeline run = server();
  run.add(ProcessNamed{"\x1b[2J"}).phase("mod\x1b-init").entry("t\x1b", "\x1b").calls("\x1b", "\x1b", {"\x1b"});
  run.add(Remarked{"\x1b]0;\a"});
  EXPECT_EQ(written(run).text.find('\x1b'), std::string::npos);
  EXPECT_EQ(live(run, true).find('\x1b'), std::string::npos);
}

TEST(TracePage, SaysWhichFunctionsWereLeftAloneWhereAndWhen) {
  Timeline run = server();
  run.in(kLaunched).add(BudgetSpent{"rand", "crypto", 32, true}).in(kFirst).add(BudgetSpent{"rand", "crypto", 32, true});
  run.add(BudgetSpent{"seed", "crypto", 4, false});
  EXPECT_THAT(written(run).text,
              HasSubstr("left alone after their first calls: how often they were called since is not known\n"
                        "  calls  function  of      in                               from\n"
                        "     32  rand      crypto  2 processes, and their children  19.0 ms to 20.0 ms\n"
                        "      4  seed      crypto  process 1                        21.0 ms\n"));
}

TEST(TracePage, SaysNothingOfFunctionsThatWereSeenToTheEnd) {
  EXPECT_THAT(written(server()).text, Not(HasSubstr("left alone")));
}

TEST(TracePage, AnEmptyTraceIsAPageToo) {
  EXPECT_THAT(written(Timeline()).text, HasSubstr("0 findings in a small server: 1 process, 0 calls"));
}

TEST(TraceJson, HoldsFindingsProcessesAndKeys) {
  Timeline run = server();
  run.in(kLaunched).calls("key_create", "threads", {"tsd.key.create"}).returns(0, {{"key", 7}});
  const nlohmann::json json = nlohmann::json::parse(written(run).json);
  EXPECT_EQ(json["evidence"], "observed");
  EXPECT_EQ(json["findings"][0]["rule"], "early");
  EXPECT_EQ(json["findings"][0]["site"]["file"], "tls.so+0x20");
  const nlohmann::json &trace = json["traces"][0];
  EXPECT_EQ(trace["file"], "its.trace");
  EXPECT_EQ(trace["processes"][0]["role"], "main");
  EXPECT_EQ(trace["processes"][1]["name"], "udp receiver child=0");
  EXPECT_EQ(trace["processes"][1]["signal"], 11);
  EXPECT_EQ(trace["keys"][0]["key"], 7);
}

TEST(TraceJson, SaysWhichFunctionsWereLeftAloneWhereAndWhen) {
  Timeline run = server();
  run.in(kFirst).add(BudgetSpent{"rand", "crypto", 32, true});
  const nlohmann::json json = nlohmann::json::parse(written(run).json);
  const nlohmann::json expected = {{"function", "rand"}, {"library", "crypto"}, {"calls", 32}, {"in_children", true},
                                   {"process", 1}, {"at_ns", 19000000}};
  EXPECT_EQ(json["traces"][0]["budget_spent"], nlohmann::json::array({expected}));
  EXPECT_THAT(json.dump(), HasSubstr("cannot tell how often 1 function was called after the calls that are recorded: rand"));
}

TEST(LiveView, TellsWhatTheMainProcessDoes) {
  const std::string text = live(server());
  EXPECT_THAT(text, HasSubstr("   2.0 ms phase mod-init\n"));
  EXPECT_THAT(text, HasSubstr("   3.0 ms   tls: mod_init()\n"));
  EXPECT_THAT(text, HasSubstr("   4.0 ms     rand()  state.create\n"));
  EXPECT_THAT(text, HasSubstr("process 1 (pid 101): udp receiver child=0\n"));
  EXPECT_THAT(text, HasSubstr("up, with 2 processes\n"));
  EXPECT_THAT(text, HasSubstr("process 1 (pid 101) was killed by SIGSEGV\n"));
}

TEST(LiveView, TellsWhatWorkersDoOnlyWhenAsked) {
  EXPECT_THAT(live(server()), Not(HasSubstr("child_init")));
  EXPECT_THAT(live(server(), true), HasSubstr("tls: child_init(1)\n"));
}

TEST(LiveView, ALineIsWrittenWhole) {
  const std::string text = live(server(), true);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(text.find("\n\n"), std::string::npos);
}

TEST(LiveView, AClosedTerminalIsNoReasonToStop) {
  LiveView view(-1, false, true);
  const Timeline run = server();
  for (const Record &record : run.records())
    view.take(record);
}

} // namespace initorder::trace
