// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_function.h"
#include "rules/load_inspect.h"
#include "rules/packs.h"

#include <algorithm>

namespace initorder {

static void read(const YamlValue &value, HeaderDefault &out) {
  Fields fields(value, "a header");
  fields.required("header", out.header);
  fields.required("defines", out.defines);
  fields.name_once("header", "header");
  fields.done();
}

static void read(const YamlValue &value, LibraryVersion &out) {
  Fields fields(value, "a version");
  fields.required("value", out.value);
  fields.required("defines", out.defines);
  fields.name_once("value", "version");
  fields.done();
}

static void read(const YamlValue &value, LinkEffect &out) {
  Fields fields(value, "an on-load effect");
  fields.optional("links", out.link_library);
  fields.required("effect", out.effect);
  fields.optional("why", out.why);
  fields.required("source", out.source);
  fields.done();
}

static void read(const YamlValue &value, OwnCall &out) {
  Fields fields(value, "an own call");
  fields.required("effect", out.effect);
  fields.required("means", out.means);
  fields.optional("why", out.why);
  fields.required("source", out.source);
  fields.done();
}

static void read(const YamlValue &value, LibraryPack &out) {
  Fields fields(value, "a library");
  fields.required("library", out.name);
  fields.required("about", out.about);
  fields.optional_filled("objects", out.objects);
  fields.optional("version-text", out.version_text);
  fields.optional_filled("sections", out.sections);
  fields.optional("headers", out.headers);
  fields.optional_filled("versions", out.versions);
  fields.optional("functions", out.functions);
  fields.optional("on-load", out.on_load);
  fields.optional("own-calls", out.own_calls);
  fields.optional("thread-values", out.thread_values);
  fields.optional("locks", out.locks);
  fields.optional("states", out.states);
  fields.done();
  out.file = value.document().file();
  for (const LibraryFunction &function : out.functions)
    for (const CallEffect &effect : function.effects)
      for (const std::string &version : effect.versions)
        if (std::ranges::find(out.versions, version, &LibraryVersion::value) == out.versions.end())
          value.document().mistake(out.file + ":" + std::to_string(function.line),
                                   "'" + function.name + "' has an effect in version '" + version +
                                       "', which is not in 'versions'");
}

Result<LibraryPack> load_library_pack(const std::filesystem::path &file, std::vector<Error> *mistakes) {
  return read_file<LibraryPack>(file, mistakes);
}

} // namespace initorder
