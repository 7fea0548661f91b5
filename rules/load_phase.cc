// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_phase.h"

#include "rules/nearest.h"

namespace initorder {

static void read(const YamlValue &value, EntryPoint::Kind &out) {
  using Kind = EntryPoint::Kind;
  read_word(value, out, "a kind of entry point",
            {{"symbol", Kind::symbol},
             {"core-symbol", Kind::core_symbol},
             {"field", Kind::field},
             {"table", Kind::table},
             {"constructor", Kind::constructor},
             {"link", Kind::link},
             {"interposer", Kind::interposer}});
}

/// What a kind must have, and what it cannot have.
static void check_entry(const YamlValue &value, const EntryPoint &entry) {
  using Kind = EntryPoint::Kind;
  const bool has_names = entry.kind != Kind::constructor && entry.kind != Kind::link;
  if (has_names == entry.names.empty())
    return value.mistake(has_names ? "this kind of entry point needs 'names'"
                                   : "this kind of entry point has no 'names'");
  if (entry.kind == Kind::field || entry.kind == Kind::table)
    for (const std::string &name : entry.names)
      if (name.find('.') == std::string::npos)
        return value.mistake(in_quotes(name) + " must be a structure and its field: 'module_exports.init_mod_f'");
  if (entry.kind != Kind::table && (!entry.flag_field.empty() || entry.one_of))
    return value.mistake("'flag-field', 'flag-bits' and 'one-of' are for tables");
  if (entry.effect.empty() != (entry.kind != Kind::interposer))
    return value.mistake("'effect' is for interposers, and they need it");
  if (entry.flag_field.empty() != (entry.flag_bits == 0))
    return value.mistake("'flag-field' and 'flag-bits' (not 0) need each other");
}

static void read(const YamlValue &value, EntryPoint &out) {
  Fields fields(value, "an entry point");
  fields.required("kind", out.kind);
  fields.optional("names", out.names);
  fields.optional("arguments", out.arguments);
  fields.optional("flag-field", out.flag_field);
  fields.optional("flag-bits", out.flag_bits);
  fields.optional("one-of", out.one_of);
  fields.optional("if-calls", out.if_calls);
  fields.optional("effect", out.effect);
  fields.done();
  check_entry(value, out);
}

void read(const YamlValue &value, Phase &out) {
  Fields fields(value, "a phase");
  fields.required("id", out.id);
  fields.required("title", out.title);
  fields.optional("process", out.process);
  fields.optional("before-fork", out.before_fork);
  fields.optional("fork", out.fork);
  fields.optional("parent-ends", out.parent_ends);
  fields.optional("module-by-module", out.module_by_module);
  fields.optional("opened-by", out.opened_by);
  fields.optional("entries", out.entries);
  fields.required("source", out.source);
  fields.name_once("id", "phase");
  fields.done();
  if (out.process == ProcessRole::worker && (out.before_fork || out.fork || out.module_by_module))
    value.mistake("'before-fork', 'fork' and 'module-by-module' are for phases of the main process");
  if (out.parent_ends && !out.fork)
    value.mistake("'parent-ends' is for phases that fork");
}

} // namespace initorder
