// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/key_owners.h"

#include "tracer/inspect/read_code.h"
#include "tracer/trace/objects.h"

#include <algorithm>

namespace initorder::inspect {
namespace {

/// What `function` of this object passes to `callee` as its first argument. None: it calls it with what cannot be
/// known, or with two different things.
std::optional<RemoteAddr> passed(const Image &image, const elf::Loaded &loaded, const std::string &function,
                                 RemoteAddr callee) {
  const auto found = loaded.object->find(function);
  if (!found)
    return std::nullopt;
  std::optional<std::uint64_t> out;
  for (const SeenCall &call : read_code(image, loaded, found->address).calls) {
    if (call.target != callee)
      continue;
    if (!call.arguments[0] || (out && *out != *call.arguments[0]))
      return std::nullopt;
    out = call.arguments[0];
  }
  return out ? std::optional(RemoteAddr{*out}) : std::nullopt;
}

void name_key(Key &key, const LibraryPack &library, const ThreadValue &value, std::string object) {
  key.library = library.name;
  key.name = value.name;
  key.mark = value.mark;
  key.object = std::move(object);
}

bool looks_like(const Image &image, std::uint64_t value, const ThreadValue &known) {
  const auto at = follow(image.memory(), RemoteAddr{value}, known.follow);
  if (!at)
    return false;
  constexpr std::size_t longest = 64;
  const auto text = read_text(image.memory(), *at, longest);
  return text && std::ranges::find(known.texts, *text) != known.texts.end();
}

/// The library's shared object, if the process has one copy of it.
std::string object_of(const Image &image, const LibraryPack &library) {
  std::string out;
  for (const elf::Loaded &loaded : image.objects()->objects) {
    if (library.objects.empty() || trace::stem_of(loaded.path) != library.objects.front())
      continue;
    if (!out.empty())
      return "";
    out = trace::base_name(loaded.path);
  }
  return out;
}

void name_by_look(const Image &image, const std::vector<LibraryPack> &libraries, const HeldValue &held, Key &key) {
  for (const LibraryPack &library : libraries)
    for (const ThreadValue &value : library.thread_values)
      if (!value.follow.empty() && looks_like(image, held.value, value))
        return name_key(key, library, value, key.object.empty() ? object_of(image, library) : key.object);
}

void name_by_destructor(const std::vector<LibraryPack> &libraries, Key &key) {
  for (const LibraryPack &library : libraries)
    for (const ThreadValue &value : library.thread_values)
      if (value.own_destructor && key.destructor && trace::is_object_of(library, key.destructor->object))
        return name_key(key, library, value, key.object);
}

} // namespace

std::vector<KeyVariable> find_key_variables(const Image &image, const std::vector<LibraryPack> &libraries) {
  std::vector<KeyVariable> out;
  for (const LibraryPack &library : libraries)
    for (const ThreadValue &value : library.thread_values) {
      RemoteAddr callee{};
      if (value.passed_to.empty() || !image.objects()->defining(value.passed_to, callee))
        continue;
      for (const elf::Loaded &loaded : image.objects()->objects)
        for (const std::string &function : value.in)
          if (const auto variable = loaded.object ? passed(image, loaded, function, callee) : std::nullopt) {
            out.push_back({*variable + value.offset, &library, &value, std::string(trace::base_name(loaded.path))});
            break;
          }
    }
  return out;
}

void name_keys(const Image &image, const std::vector<KeyVariable> &variables, const std::vector<LibraryPack> &libraries,
               const std::vector<Thread> &threads, std::vector<Key> &keys) {
  for (Key &key : keys)
    name_by_destructor(libraries, key);
  for (const KeyVariable &variable : variables) {
    // A variable of the library's own data: what else the code seemed to say was no key.
    const auto number = read_object<std::uint32_t>(image.memory(), variable.at);
    if (!number || image.memory_at(variable.at) != Memory::data)
      continue;
    // Several variables of value 0 may be keys that are not there yet; the first key is taken by the one who took it.
    const auto key = std::ranges::find(keys, *number, &Key::number);
    if (key != keys.end() && key->name.empty())
      name_key(*key, *variable.library, *variable.value, variable.object);
  }
  for (const Thread &thread : threads)
    for (const HeldValue &held : thread.values)
      if (const auto key = std::ranges::find(keys, held.key, &Key::number); key != keys.end() && key->name.empty())
        name_by_look(image, libraries, held, *key);
}

} // namespace initorder::inspect
