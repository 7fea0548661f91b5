// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/config/support.h"

namespace initorder::config {

TEST(Statements, ModulesInLoadOrderByTheirNames) {
  EXPECT_THAT(Parsed().modules("loadmodule \"tls.so\"\nloadmodule 'tm'\nloadmodule(\"/opt/x/pv.so\", \"g\")\n"
                               "loadmodulex \"sl\"\n"),
              ElementsAre("tls", "tm", "pv", "sl"));
}

TEST(Statements, AModuleKnowsItsLine) {
  const Config config = Parsed().config("# one\n\n  loadmodule \"tls\"\n");
  EXPECT_EQ(config.modules.at(0).at, (SourcePlace{"server.cfg", 3, 3}));
}

TEST(Statements, APathHoldsForWhatComesBehindIt) {
  const Config config = Parsed().config("loadmodule \"a\"\nmpath=\"/one:/two\"\nloadmodule \"b\"\nloadpath \"/three\"\n"
                                        "loadmodule \"c\"\n");
  EXPECT_THAT(config.modules.at(0).folders, IsEmpty());
  EXPECT_THAT(config.modules.at(1).folders, ElementsAre("/one", "/two"));
  EXPECT_THAT(config.modules.at(2).folders, ElementsAre("/three"));
}

TEST(Statements, Parameters) {
  const Config config = Parsed().config("loadmodule \"a\"\nmodparam(\"a|b\", \"db_url\", \"mysql://u@h/\" \"d\")\n"
                                        "modparam('a', 'n', -5)\nmodparam(\"a\", \"flag\")\nmodparamx(\"a\", \"v\", $x(y#z))\n");
  ASSERT_EQ(config.parameters.size(), 4u);
  EXPECT_EQ(config.parameters[0].modules, "a|b");
  EXPECT_EQ(config.parameters[0].name, "db_url");
  EXPECT_EQ(config.parameters[0].value, "mysql://u@h/d");
  EXPECT_EQ(config.parameters[0].after, 1u);
  EXPECT_EQ(config.parameters[1].value, "-5");
  EXPECT_EQ(config.parameters[3].value, "$x(y#z)");
}

TEST(Statements, SettingsOutsideOfBlocks) {
  const Config config = Parsed().config("threads_mode=2\nenable=yes\nlevel = -3\nsocket = { bind = udp:a:1; workers = 4; }\n"
                                        "tcp.threads_mode = 7\nroute { threads_mode = 5; }\n");
  std::vector<std::string> out;
  for (const Setting &setting : config.settings)
    out.push_back(setting.name + "=" + setting.value);
  EXPECT_THAT(out, ElementsAre("threads_mode=2", "enable=1", "level=-3"));
}

TEST(Statements, BlocksArePassedOverWhole) {
  EXPECT_THAT(Parsed().modules("request_route {\n  if ($(ru{s.len}) > 1) { x(\"}\"); # }\n  } /* } /* } */ } */\n"
                               "  $var(a) = $(hdr(X){s.select,0,\"}); loadmodule \"no\"\n}\nloadmodule \"yes\"\n"),
              ElementsAre("yes"));
}

TEST(Statements, WhatIsNotClosedIsRefusedWithItsLine) {
  EXPECT_EQ(Parsed().error("a=1\nroute {\n if (x) {\n }\n"), "server.cfg:2: this block is not closed: a } is missing");
  EXPECT_EQ(Parsed().error("a=1\n}\n"), "server.cfg:2: a } that closes nothing");
  EXPECT_EQ(Parsed().error("a=1\nloadmodule \"tls\n\n"), "server.cfg:2: this text is not closed: a \" is missing");
  EXPECT_EQ(Parsed().error("a=1\n/* /* */\n"), "server.cfg:2: this comment is not closed: add \"*/\"");
  EXPECT_EQ(Parsed().error("a=$(x(\n"), "server.cfg:1: this variable is not closed: a ) is missing");
}

TEST(Statements, AStatementThatIsCutIsRefused) {
  EXPECT_THAT(Parsed().error("loadmodule tls\n"), HasSubstr("server.cfg:1: a text in quotes is expected"));
  EXPECT_THAT(Parsed().error("modparam(\"a\"\n"), HasSubstr("server.cfg:1: a , is expected"));
  EXPECT_THAT(Parsed().error("modparam(\"a\", \"b\", 1\n"), HasSubstr("server.cfg:1: a ) is expected"));
  EXPECT_THAT(Parsed().error("loadmodule(\"a\"\n"), HasSubstr("server.cfg:1: a ) is expected"));
}

TEST(Statements, OnlyTheServerKnowsAVariable) {
  const Config config = Parsed().config("loadmodulex \"$env(NAME)\"\nthreads_mode = $def(X)\n");
  EXPECT_THAT(config.modules, IsEmpty());
  EXPECT_EQ(config.caveats.size(), 1u);
  EXPECT_FALSE(config.settings.at(0).is_known);
}

} // namespace initorder::config
