// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reports for tests: one finding that has every part, and ways to make it harder.
#pragma once

#include "reports/report.h"

#include <sstream>
#include <string>

namespace initorder {

/// An event of `module` in `phase`, with a path of three steps.
inline Event sample_event(const std::string &phase, const std::string &module) {
  Event event;
  event.effect = "openssl.thread-state.create";
  event.call = "RAND_bytes";
  event.library = "openssl";
  event.why = "creates the calling thread's DRBG";
  event.source = "rand_lib.c";
  event.place = {phase, ProcessRole::main, 0, ThreadRole::main, module};
  event.site = {"modules/outbound/ob.c", 20, 9};
  event.site_function = "init_key";
  event.site_unit = "outbound";
  event.path = {{{"core/main.c", 500, 3}, "", phase + ": init_modules()"},
                {{"modules/" + module + "/mod.c", 80, 2}, "mod_init", "calls init_key()"},
                {event.site, "init_key", "calls RAND_bytes()"}};
  return event;
}

inline Finding sample_finding() {
  Finding finding;
  finding.rule = "openssl-state-before-fork";
  finding.message = "'RAND_bytes' creates thread state before fork";
  finding.site = {"modules/outbound/ob.c", 20, 9};
  finding.call = "RAND_bytes";
  finding.events = {sample_event("mod-init", "outbound")};
  return finding;
}

inline Report sample_report() {
  Report report;
  report.version = "0.1.0";
  report.root = "/home/me/my tree";
  report.host = "Kamailio SIP server";
  report.host_name = "kamailio";
  report.layout = "src/";
  report.findings = {sample_finding()};
  Check check;
  check.id = "openssl-state-before-fork";
  check.title = "OpenSSL state before fork";
  check.why = "Every worker inherits it.";
  check.fix = "Do it in child_init.";
  check.example = "int mod_init(void) { return RAND_bytes(buf, 16); }\n";
  check.sources = {"openssl-threads(7)", "https://example.org/issues/1, the discussion"};
  report.checks = {check};
  report.scenarios = {{{"mode", "0"}}, {{"mode", "1"}}};
  report.files = 10;
  report.parsed = 4;
  report.ruled_out = 6;
  report.modules = 2;
  return report;
}

/// What `write` (write_text with options, write_json, write_sarif) makes of it.
template <class Write> std::string written(Write write) {
  std::ostringstream out;
  write(out);
  return out.str();
}

} // namespace initorder
