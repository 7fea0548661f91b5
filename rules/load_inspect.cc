// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_inspect.h"

namespace initorder {

namespace {

constexpr std::uint64_t kMostBytesIn = 16 << 20; ///< into a variable or a value; CPython 3.12's _PyRuntime has 460 KB

void read_offset(const YamlValue &value, unsigned &out) {
  std::uint64_t number = 0;
  read(value, number);
  if (value.document().has_mistakes_in(value.node()))
    return;
  if (number > kMostBytesIn)
    value.mistake("number out of range: must be from 0 to " + std::to_string(kMostBytesIn));
  out = static_cast<unsigned>(number);
}

void read_offsets(const YamlValue &list, std::vector<unsigned> &out) {
  for (const YamlValue &one : list.elements())
    read_offset(one, out.emplace_back());
}

/// {passed-to: CRYPTO_THREAD_get_local, in: [ERR_get_state], offset: 4}, or {destructor: own}
void read_key(const YamlValue &value, ThreadValue &out) {
  Fields fields(value, "a key");
  if (const std::optional<YamlValue> destructor = fields.take("destructor")) {
    read_word(*destructor, out.own_destructor, "a destructor", {{"own", true}});
  } else {
    fields.required("passed-to", out.passed_to);
    fields.required("in", out.in);
    if (const std::optional<YamlValue> offset = fields.take("offset"))
      read_offset(*offset, out.offset);
  }
  fields.done();
}

/// {follow: [0, 16], texts: [CTR-DRBG]}
void read_look(const YamlValue &value, ThreadValue &out) {
  Fields fields(value, "a look");
  if (const std::optional<YamlValue> follow = fields.take("follow"))
    read_offsets(*follow, out.follow);
  fields.required("texts", out.texts);
  fields.done();
  if (out.follow.empty())
    value.mistake("a look needs 'follow', the offsets of the pointers that lead to the text");
}

} // namespace

void read(const YamlValue &value, ThreadValue &out) {
  Fields fields(value, "a thread value");
  fields.required("name", out.name);
  const std::optional<YamlValue> key = fields.take("key"), look = fields.take("looks-like");
  if (key)
    read_key(*key, out);
  if (look)
    read_look(*look, out);
  if (const std::optional<YamlValue> kept = fields.take("kept")) {
    Fields inner(*kept, "a kept value");
    if (const std::optional<YamlValue> mark = inner.take("mark"))
      read_offset(*mark, out.mark.emplace());
    else
      kept->mistake("a kept value lacks 'mark'");
    inner.done();
  }
  fields.required("source", out.source);
  fields.done();
  if (!key && !look)
    value.mistake("a thread value needs 'key' or 'looks-like'");
}

void read(const YamlValue &value, LibraryLock &out) {
  Fields fields(value, "a lock");
  fields.required("name", out.name);
  fields.required("objects", out.objects);
  fields.required("variable", out.variable);
  const auto offset = [&](const char *name, unsigned &into) {
    if (const std::optional<YamlValue> found = fields.take(name))
      read_offset(*found, into);
    else
      value.mistake(std::string("a lock lacks '") + name + "'");
  };
  offset("offset", out.offset);
  offset("condition", out.condition);
  offset("locked", out.locked);
  offset("changes", out.changes);
  if (const std::optional<YamlValue> holder = fields.take("holder"))
    read_offsets(*holder, out.holder);
  fields.required("source", out.source);
  fields.done();
  if (out.holder.empty())
    value.mistake("a lock lacks 'holder', the offsets that lead to the thread that has it");
}

void read(const YamlValue &value, ObservedState &out) {
  using State = ObservedState::State;
  Fields fields(value, "a state");
  if (const std::optional<YamlValue> state = fields.take("state"))
    read_word(*state, out.state, "a state",
              {{"value-shared", State::value_shared},
               {"value-lost", State::value_lost},
               {"unknown-value-shared", State::unknown_value_shared},
               {"unknown-value-lost", State::unknown_value_lost},
               {"thread-missing", State::thread_missing},
               {"lock-inherited", State::lock_inherited},
               {"lock-cycle", State::lock_cycle},
               {"connection-shared", State::connection_shared}});
  else
    value.mistake("a state lacks 'state'");
  fields.required("effect", out.effect);
  fields.required("why", out.why);
  fields.required("source", out.source);
  fields.done();
}

} // namespace initorder
