// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_trace.h"

#include "rules/nearest.h"

#include <algorithm>

namespace initorder {

namespace {

constexpr std::uint64_t kMostCalls = 1'000'000;
constexpr std::uint64_t kMostBytesIn = 65'535; ///< into a module's structure

/// A number that is not the number of an argument.
void read_number(const YamlValue &value, std::uint64_t least, std::uint64_t most, unsigned &out) {
  std::uint64_t number = 0;
  read(value, number);
  if (value.document().has_mistakes_in(value.node()))
    return;
  if (number < least || number > most)
    value.mistake("number out of range: must be from " + std::to_string(least) + " to " + std::to_string(most));
  out = static_cast<unsigned>(number);
}

} // namespace

static void read(const YamlValue &value, TracedArgument::Type &out) {
  using Type = TracedArgument::Type;
  read_word(value, out, "a type of argument",
            {{"skip", Type::skip},
             {"integer", Type::integer},
             {"pointer", Type::pointer},
             {"function", Type::function},
             {"text", Type::text},
             {"out-integer", Type::out_integer},
             {"out-pointer", Type::out_pointer}});
}

/// {name: type}
static void read(const YamlValue &value, TracedArgument &out) {
  const YamlNode &node = value.node();
  if (!node.is_map() || node.size() != 1)
    return value.mistake("a traced argument is a name and its type: {key: out-integer}");
  const YamlValue name(value.document(), node.items[0]);
  read(name, out.name);
  read(YamlValue(value.document(), node.items[1]), out.type);
  if (value.document().has_mistakes_in(node))
    return;
  if (out.name.empty())
    return name.mistake("a traced argument needs a name");
  if ((out.name == "_") != (out.type == TracedArgument::Type::skip))
    name.mistake("an argument that is skipped has the name '_', and no other has it");
}

/// Two arguments of one name could not be told apart in a trace.
static void check_names(const YamlValue &arguments, const std::vector<TracedArgument> &list) {
  for (auto argument = list.begin(); argument != list.end(); ++argument)
    if (argument->type != TracedArgument::Type::skip &&
        std::any_of(list.begin(), argument, [&](const auto &other) { return other.name == argument->name; }))
      return arguments.mistake("a second traced argument " + in_quotes(argument->name));
}

void read(const YamlValue &value, TraceHint &out) {
  if (value.node().is_scalar()) {
    bool yes = false;
    read_word(value, yes, "a way to trace", {{"no", false}, {"yes", true}});
    out.always = yes;
    out.off = !yes;
    return;
  }
  Fields fields(value, "a trace");
  if (const std::optional<YamlValue> arguments = fields.take("arguments")) {
    fields.optional_filled("arguments", out.arguments);
    check_names(*arguments, out.arguments);
  }
  fields.optional("result", out.result);
  if (const std::optional<YamlValue> first = fields.take("first"))
    read_number(*first, 1, kMostCalls, out.first.emplace());
  fields.optional("slow-path", out.slow_path);
  fields.optional_filled("symbols", out.symbols);
  fields.done();
  // At the slow path's address the stack is no longer the caller's: its end is not seen.
  if (out.slow_path && out.result)
    value.mistake("'result' cannot be read behind a 'slow-path'");
  out.always = true;
}

static void read(const YamlValue &value, TracedModules::Entry &out) {
  Fields fields(value, "a module's entry");
  fields.required("name", out.phase_entry);
  if (const std::optional<YamlValue> offset = fields.take("offset"))
    read_number(*offset, 0, kMostBytesIn, out.offset);
  else
    value.mistake("a module's entry lacks 'offset'");
  fields.optional("phases", out.phases);
  fields.mention("phases", Mention::Of::phase);
  fields.optional("arguments", out.arguments);
  fields.done();
}

/// {symbol: module_interface_ver, values: [4]}
static void read_interface(const YamlValue &value, TracedModules &out) {
  Fields fields(value, "an interface");
  fields.required("symbol", out.interface_symbol);
  fields.required("values", out.interface_values);
  fields.done();
}

static void read(const YamlValue &value, TracedModules &out) {
  Fields fields(value, "a layout of modules");
  fields.required("symbol", out.symbol);
  if (const std::optional<YamlValue> interface = fields.take("interface"))
    read_interface(*interface, out);
  if (const std::optional<YamlValue> offset = fields.take("name-offset"))
    read_number(*offset, 0, kMostBytesIn, out.name_offset);
  if (const std::optional<YamlValue> offset = fields.take("parameters-offset"))
    read_number(*offset, 0, kMostBytesIn, out.parameters_offset);
  fields.required("entries", out.entries);
  fields.required("source", out.source);
  fields.done();
}

void read_host_trace(const YamlValue &value, const std::vector<LibraryFunction> &functions, HostTrace &out) {
  Fields fields(value, "a host's trace");
  fields.required("programs", out.programs);
  fields.optional("modules", out.modules);
  fields.optional("up-phase", out.up_phase);
  fields.mention("up-phase", Mention::Of::phase);
  fields.optional("process-name-argument", out.process_name_argument);
  fields.done();
  if (out.process_name_argument.empty() || value.document().has_mistakes())
    return;
  std::vector<std::string> known;
  for (const LibraryFunction &function : functions)
    if (function.forks)
      for (const TracedArgument &argument : function.trace.arguments)
        if (argument.type == TracedArgument::Type::text)
          known.push_back(argument.name);
  if (std::find(known.begin(), known.end(), out.process_name_argument) == known.end())
    fields.take("process-name-argument")
        ->mistake("no function of this host that forks has a traced text argument " +
                  in_quotes(out.process_name_argument) + nearest(out.process_name_argument, known));
}

} // namespace initorder
