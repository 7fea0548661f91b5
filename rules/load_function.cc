// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_function.h"

#include "rules/load_trace.h"

namespace initorder {

static void read(const YamlValue &value, Memory &out) {
  read_word(value, out, "a kind of memory", {{"shared", Memory::shared}, {"heap", Memory::heap}, {"program", Memory::program}});
}

static void read(const YamlValue &value, ArgumentTest &out) {
  Fields fields(value, "a condition");
  fields.required("argument", out.argument);
  fields.optional_filled("is", out.is);
  fields.optional_filled("is-not", out.is_not);
  fields.optional("has-bits", out.has_bits);
  fields.optional("lacks-bits", out.lacks_bits);
  fields.optional("is-number", out.is_number);
  fields.optional_filled("points-to", out.points_to);
  fields.optional("memory", out.memory);
  fields.optional("never-returns", out.never_returns);
  fields.done();
  ArgumentTest nothing;
  nothing.argument = out.argument;
  if (out == nothing)
    value.mistake("a condition needs 'is', 'is-not', 'has-bits', 'lacks-bits', 'is-number', 'points-to', 'memory' or "
                  "'never-returns'");
}

static void read(const YamlValue &value, GivesMemory &out) {
  Fields fields(value, "memory that is given");
  fields.required("memory", out.memory);
  fields.optional_filled("when", out.when);
  fields.done();
}

static void read(const YamlValue &value, Stores &out) {
  Fields fields(value, "what is stored");
  const bool has_number = fields.take("number").has_value();
  fields.required("into", out.into);
  fields.optional("argument", out.argument);
  fields.optional("number", out.number);
  fields.done();
  if (has_number == out.argument.has_value())
    value.mistake("what is stored needs either 'argument' or 'number'");
}

static void read(const YamlValue &value, RunsCallback::When &out) {
  using When = RunsCallback::When;
  read_word(value, out, "a time",
            {{"now", When::now},
             {"now-in-thread", When::now_in_thread},
             {"at-fork-prepare", When::at_fork_parent_before},
             {"at-fork-parent", When::at_fork_parent},
             {"at-fork-child", When::at_fork_child},
             {"at-exit", When::at_exit}});
}

static void read(const YamlValue &value, RunsCallback &out) {
  Fields fields(value, "a callback");
  fields.required("argument", out.argument);
  fields.optional("with", out.with);
  fields.optional("when", out.when);
  fields.done();
}

/// `measured`: who reads the effect.
static void read_measured(const YamlValue &value, CallEffect &out) {
  enum class Measured { no, only, also, never, on_failure };
  Measured measured = Measured::no;
  read_word(value, measured, "a way to be measured",
            {{"false", Measured::no},
             {"true", Measured::only},
             {"also", Measured::also},
             {"never", Measured::never},
             {"on-failure", Measured::on_failure}});
  out.measured = measured == Measured::only || measured == Measured::also || measured == Measured::on_failure;
  out.observable = measured != Measured::never;
  out.predicted = measured != Measured::only && measured != Measured::on_failure;
  out.on_failure = measured == Measured::on_failure;
}

static void read(const YamlValue &value, CallEffect &out) {
  Fields fields(value, "an effect");
  fields.required("effect", out.effect);
  fields.optional_filled("when", out.when);
  fields.optional("why", out.why);
  fields.optional_filled("unless-earlier", out.unless_earlier);
  fields.optional_filled("versions", out.versions);
  fields.optional("perhaps", out.perhaps);
  if (const std::optional<YamlValue> measured = fields.take("measured"))
    read_measured(*measured, out);
  fields.optional("in-child", out.in_child);
  fields.done();
  if (out.in_child)
    out.observable = false;
}

/// "result", "argument N" or "pointed-to-by-argument N".
static void read_handle(const YamlValue &value, ResourceRef &out) {
  constexpr std::string_view kArgument = "argument ";
  constexpr std::string_view kPointedTo = "pointed-to-by-argument ";
  const std::string text = value.node().is_scalar() ? value.node().text : std::string();
  if (text == "result") {
    out.in = ResourceRef::In::result;
  } else if (text.starts_with(kArgument)) {
    out.in = ResourceRef::In::argument;
    read_argument(value, text.substr(kArgument.size()), out.argument);
  } else if (text.starts_with(kPointedTo)) {
    out.in = ResourceRef::In::pointed_to_by_argument;
    read_argument(value, text.substr(kPointedTo.size()), out.argument);
  } else {
    value.mistake("must be 'result', 'argument N' or 'pointed-to-by-argument N'");
  }
}

/// `resource`, which is kept as what it opens or closes, or as what it uses.
static void read_resource(const YamlValue &value, LibraryFunction &out) {
  Fields fields(value, "a resource");
  const std::optional<YamlValue> opens = fields.take("opens");
  const std::optional<YamlValue> closes = fields.take("closes");
  const std::optional<YamlValue> uses = fields.take("uses");
  ResourceRef ref;
  fields.optional("success", ref.success);
  fields.done();
  if (opens.has_value() + closes.has_value() + uses.has_value() != 1)
    return value.mistake("a resource needs either 'opens' or 'closes' or 'uses'");
  ref.closes = closes.has_value();
  read_handle(opens ? *opens : closes ? *closes : *uses, ref);
  (uses ? out.uses : out.resource) = ref;
}

/// Bytes that the pack holds for one function, roughly.
static std::size_t weight(const LibraryFunction &function) {
  std::size_t bytes = sizeof function + function.source.size() + function.runs.size() * sizeof(RunsCallback);
  for (const RunsCallback &runs : function.runs)
    bytes += runs.with.size() * sizeof(unsigned);
  for (const CallEffect &effect : function.effects) {
    bytes += sizeof effect + effect.effect.size() + effect.why.size();
    for (const std::string &earlier : effect.unless_earlier)
      bytes += sizeof earlier + earlier.size();
    for (const ArgumentTest &test : effect.when)
      bytes += sizeof test + (test.is.size() + test.is_not.size() + test.points_to.size()) * sizeof(std::int64_t);
  }
  for (const TracedArgument &argument : function.trace.arguments)
    bytes += sizeof argument + argument.name.size();
  for (const std::string &symbol : function.trace.symbols)
    bytes += sizeof symbol + symbol.size();
  return bytes;
}

/// Reads `name` or `names`; none if there are both or neither.
static std::vector<std::string> read_names(Fields &fields) {
  std::vector<std::string> names;
  const bool has_name = fields.take("name").has_value();
  const bool has_names = fields.take("names").has_value();
  if (has_name && !has_names)
    fields.required("name", names.emplace_back());
  else if (has_names && !has_name)
    fields.required("names", names);
  return names;
}

/// Reads all but the names.
static LibraryFunction read_content(const YamlValue &value, Fields &fields) {
  LibraryFunction out;
  out.line = value.line();
  fields.optional("effects", out.effects);
  fields.optional("runs", out.runs);
  if (const std::optional<YamlValue> resource = fields.take("resource"))
    read_resource(*resource, out);
  fields.optional_filled("gives", out.gives);
  fields.optional("stores", out.stores);
  fields.optional("returns-only-on-failure", out.only_failure);
  fields.optional("success", out.success);
  fields.optional("forks", out.forks);
  fields.optional("never-returns", out.never_returns);
  fields.optional("opaque", out.opaque);
  fields.optional("trace", out.trace);
  fields.required("source", out.source);
  return out;
}

void read(const YamlValue &value, std::vector<LibraryFunction> &out) {
  // `names` times a long list of effects is more than the text that says so.
  constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
  std::size_t bytes = 0;
  for (const YamlValue &element : value.elements()) {
    Fields fields(element, "a function");
    const std::vector<std::string> names = read_names(fields);
    LibraryFunction function = read_content(element, fields);
    fields.done();
    if (names.empty())
      element.mistake("a function needs either 'name' or 'names'");
    fields.name_once("name", "function");
    fields.name_once("names", "function");
    bytes += names.size() * weight(function);
    if (bytes > kMostBytes)
      return element.mistake("too many names with too much to say of each");
    if (value.document().is_hopeless())
      return;
    for (const std::string &name : names) {
      function.name = name;
      out.push_back(function);
    }
  }
}

} // namespace initorder
