// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_config.h"

#include "rules/nearest.h"

#include <algorithm>

namespace initorder {

static void read(const YamlValue &value, ConfigVariable::Default &out) {
  Fields fields(value, "a default");
  fields.required("since", out.since);
  fields.required("value", out.value);
  fields.done();
}

static void read(const YamlValue &value, ConfigVariable &out) {
  Fields fields(value, "a variable of the configuration");
  fields.required("parameters", out.parameters);
  fields.required("variable", out.variable);
  fields.optional("defaults", out.defaults);
  fields.required("source", out.source);
  fields.done();
}

static void read(const YamlValue &value, LoadOrder &out) {
  Fields fields(value, "a load order");
  fields.required("module", out.module);
  fields.required("before-libraries", out.libraries);
  fields.required("effect", out.effect);
  fields.optional("why", out.why);
  fields.required("source", out.source);
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
  fields.optional("module-folders", out.folders);
  fields.required("module-files", out.module_files);
  fields.optional("version-symbol", out.version_symbol);
  fields.optional("version-define", out.version_define);
  fields.optional("variables", out.variables);
  fields.optional("load-order", out.orders);
  fields.optional("database-parameter", out.database_parameter);
  fields.optional("database-module", out.database_module);
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
