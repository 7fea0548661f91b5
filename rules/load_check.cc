// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_selector.h"
#include "rules/message.h"
#include "rules/nearest.h"
#include "rules/packs.h"

namespace initorder {

// These are static, not in an unnamed namespace: argument-dependent lookup must find them.

static void read(const YamlValue &value, Severity &out) {
  read_word(value, out, "a severity",
            {{"note", Severity::note}, {"warning", Severity::warning}, {"error", Severity::error}});
}

static void read(const YamlValue &value, Companion::Order &out) {
  read_word(value, out, "an order",
            {{"anywhere", Companion::Order::anywhere},
             {"earlier", Companion::Order::earlier},
             {"later", Companion::Order::later}});
}

static void read_selector_keys(Fields &fields, Selector &out) {
  read_event_keys(fields, out);
  fields.optional("before", out.before);
  fields.optional("after", out.after);
  fields.mention("before", Mention::Of::milestone);
  fields.mention("after", Mention::Of::milestone);
}

static void read(const YamlValue &value, Selector &out) {
  Fields fields(value, "a selector");
  read_selector_keys(fields, out);
  fields.done();
}

static void read(const YamlValue &value, Companion &out) {
  Fields fields(value, "a companion");
  fields.optional("order", out.order);
  fields.optional("same-resource", out.same_resource);
  fields.optional("same-library", out.same_library);
  fields.optional("same-module", out.same_module);
  fields.optional("other-object", out.other_object);
  fields.optional("before-next-fork", out.before_next_fork);
  fields.optional("in-child", out.in_child);
  fields.optional("same-process", out.same_process);
  fields.optional("perhaps", out.perhaps);
  read_selector_keys(fields, out.selector);
  fields.done();
}

static void read(const YamlValue &value, Pattern &out) {
  Fields fields(value, "a pattern");
  fields.required("match", out.match);
  fields.optional("needs", out.needs);
  fields.optional("unless", out.unless);
  fields.required("says", out.says);
  if (const std::string unknown = unknown_placeholder(out.says); !unknown.empty())
    fields.take("says")->mistake(in_quotes(unknown) + " stands for nothing: use {call}, {module}, {phase}, {function}, "
                                                      "{effect} or {object}");
  fields.done();
}

static void read(const YamlValue &value, Check &out) {
  Fields fields(value, "a check");
  fields.required("id", out.id);
  fields.required("title", out.title);
  fields.optional("severity", out.severity);
  fields.required("why", out.why);
  fields.required("fix", out.fix);
  fields.optional("example", out.example);
  fields.required("sources", out.sources);
  fields.required("patterns", out.patterns);
  const std::string stem = std::filesystem::path(value.document().file()).stem().string();
  if (!out.id.empty() && out.id != stem)
    fields.take("id")->mistake("id " + in_quotes(out.id) + " must be the file's name without .yaml, " +
                               in_quotes(stem));
  fields.done();
  out.mentions = std::move(value.document().mentions);
}

Result<Check> load_check(const std::filesystem::path &file, std::vector<Error> *mistakes) {
  return read_file<Check>(file, mistakes);
}

} // namespace initorder
