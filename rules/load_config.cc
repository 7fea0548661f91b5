// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_config.h"

#include "rules/nearest.h"

#include <algorithm>

namespace initorder {

static void read(const YamlValue &value, ConfigVariable &out) {
  Fields fields(value, "a variable of the configuration");
  fields.required("parameters", out.parameters);
  fields.required("variable", out.variable);
  fields.required("source", out.source);
  fields.done();
}

static void read(const YamlValue &value, FunctionTable::Field &out) {
  Fields fields(value, "a field of a table of functions");
  fields.required("offset", out.offset);
  fields.optional("runs-in", out.runs_in);
  fields.optional("is", out.is);
  fields.done();
}

static void read(const YamlValue &value, FunctionTable &out) {
  Fields fields(value, "a table of functions");
  fields.required("call", out.call);
  fields.required("argument", out.argument);
  fields.required("fields", out.fields);
  fields.required("source", out.source);
  fields.done();
}

static void read_row(const YamlValue &value, ParameterTables &out) {
  Fields fields(value, "a row of a table of parameters");
  fields.required("size", out.row_size);
  fields.required("name", out.name_offset);
  fields.required("type", out.type_offset);
  fields.required("variable", out.variable_offset);
  fields.done();
}

static void read(const YamlValue &value, ParameterTables &out) {
  Fields fields(value, "a table of parameters");
  fields.required("fields", out.fields);
  fields.required("type-field", out.type_field);
  fields.required("integer", out.integer);
  if (const std::optional<YamlValue> row = fields.take("row"))
    read_row(*row, out);
  fields.required("source", out.source);
  fields.done();
}

/// "KAMAILIO_{major}", or {name: KAMAILIO_VERSION, value: "{number}", since: "5.7"}
static void read(const YamlValue &value, VersionDefine &out) {
  if (value.node().is_scalar())
    return read(value, out.name);
  Fields fields(value, "a definition");
  fields.required("name", out.name);
  fields.optional("value", out.value);
  fields.optional("since", out.since);
  fields.done();
}

void read_host_config(const YamlValue &value, const std::vector<ScenarioVariable> &variables, HostConfig &out) {
  Fields fields(value, "a host's configuration");
  fields.required("files", out.files);
  fields.required("load-module", out.load_module);
  fields.optional("module-path", out.module_path);
  fields.optional("module-parameter", out.module_parameter);
  fields.optional("include", out.include);
  fields.optional("import", out.import);
  fields.optional("module-path-symbol", out.path_symbol);
  fields.optional("module-folders", out.folders);
  fields.required("module-files", out.module_files);
  fields.optional("version-symbol", out.version_symbol);
  fields.optional("program-version-symbol", out.program_version_symbol);
  fields.optional("version-defines", out.version_defines);
  fields.optional("function-tables", out.function_tables);
  fields.optional("parameter-tables", out.parameters);
  fields.optional("variables", out.variables);
  fields.optional("database-parameter", out.database_parameter);
  fields.optional("database-modules", out.database_modules);
  fields.required("source", out.source);
  fields.done();
  std::vector<std::string> known;
  for (const ScenarioVariable &variable : variables)
    known.push_back(variable.name);
  for (const ConfigVariable &variable : out.variables)
    if (std::find(known.begin(), known.end(), variable.variable) == known.end())
      value.mistake("no scenario variable of this host is called " + in_quotes(variable.variable) +
                    nearest(variable.variable, known));
}

} // namespace initorder
