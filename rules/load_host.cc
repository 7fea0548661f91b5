// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_config.h"
#include "rules/load_function.h"
#include "rules/load_phase.h"
#include "rules/load_selector.h"
#include "rules/load_trace.h"
#include "rules/nearest.h"
#include "rules/packs.h"

#include <algorithm>

namespace initorder {

static void read(const YamlValue &value, FileMark &out) {
  Fields fields(value, "a mark");
  fields.required("file", out.file);
  fields.optional("contains", out.contains);
  fields.done();
}

static void read(const YamlValue &value, Layout &out) {
  Fields fields(value, "a layout");
  fields.required("name", out.name);
  fields.required("recognise", out.recognise);
  fields.optional("modules", out.modules);
  fields.optional("exclude", out.exclude);
  fields.optional("include-paths", out.include_paths);
  fields.optional("defines", out.defines);
  fields.optional("module-defines", out.module_defines);
  fields.name_once("name", "layout");
  fields.done();
}

static void read(const YamlValue &value, Milestone::Alternative &out) {
  Fields fields(value, "an alternative");
  fields.optional("phase-begins", out.phase_begins);
  fields.mention("phase-begins", Mention::Of::phase);
  read_event_keys(fields, out.event);
  if (fields.take("effect")) // short for a list of one
    fields.required("effect", out.event.effects.emplace_back());
  fields.mention("effect", Mention::Of::effect);
  fields.optional("module", out.module);
  fields.done();
  // A milestone has no `before` and `after`: it could wait for itself.
  if (out.phase_begins.empty() == out.event.effects.empty())
    value.mistake("an alternative needs either 'phase-begins' or 'effect'");
  if (!out.phase_begins.empty() && value.node().size() > 1)
    value.mistake("'phase-begins' stands alone in an alternative");
}

static void read(const YamlValue &value, Milestone &out) {
  Fields fields(value, "a milestone");
  fields.required("id", out.id);
  fields.required("title", out.title);
  fields.required("alternatives", out.alternatives);
  fields.name_once("id", "milestone");
  fields.done();
}

static void read(const YamlValue &value, ScenarioVariable &out) {
  Fields fields(value, "a scenario variable");
  fields.required("name", out.name);
  fields.required("title", out.title);
  fields.optional("global", out.global);
  fields.optional("also-globals", out.also_globals);
  fields.optional("load-order-of", out.load_order_of);
  fields.required("values", out.values);
  fields.optional("only-with", out.only_with);
  fields.optional("alone", out.alone);
  fields.name_once("name", "scenario variable");
  fields.done();
  if (out.global.empty() && !out.also_globals.empty())
    value.mistake("'also-globals' needs a 'global'");
  if (out.load_order_of.empty())
    return;
  for (const std::string &one : out.values)
    if (one != "first" && one != "last" && one != "absent")
      value.mistake(in_quotes(one) + " is not a place in the load order: one of first, last, absent");
}

static void read(const YamlValue &value, PlaceVariable &out) {
  Fields fields(value, "a place variable");
  fields.required("global", out.global);
  fields.required("in-main", out.in_main);
  fields.required("in-worker", out.in_worker);
  fields.name_once("global", "place variable");
  fields.done();
}

/// The phases that milestones and the trace name must be this host's own.
static void check_phases(const HostPack &host, Document &document) {
  std::vector<std::string> known;
  for (const Phase &phase : host.phases)
    known.push_back(phase.id);
  for (const Mention &mention : document.mentions)
    if (mention.of == Mention::Of::phase && std::find(known.begin(), known.end(), mention.name) == known.end())
      return document.mistake(mention.where,
                              "no phase " + in_quotes(mention.name) + " in this host" + nearest(mention.name, known));
}

static void read(const YamlValue &value, HostPack &out) {
  Fields fields(value, "a host");
  fields.required("host", out.name);
  fields.required("title", out.title);
  fields.required("layouts", out.layouts);
  fields.required("phases", out.phases);
  fields.optional("milestones", out.milestones);
  fields.optional("scenario", out.scenario);
  fields.optional("place-variables", out.place_variables);
  fields.optional("functions", out.functions);
  if (const std::optional<YamlValue> trace = fields.take("trace"))
    read_host_trace(*trace, out.functions, out.trace);
  if (const std::optional<YamlValue> config = fields.take("config"))
    read_host_config(*config, out.scenario, out.config);
  fields.done();
  check_phases(out, value.document());
  out.file = value.document().file();
  out.mentions = std::move(value.document().mentions);
}

Result<HostPack> load_host_pack(const std::filesystem::path &file, std::vector<Error> *mistakes) {
  return read_file<HostPack>(file, mistakes);
}

} // namespace initorder
