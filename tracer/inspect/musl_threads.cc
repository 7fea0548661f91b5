// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/musl_threads.h"

#include "tracer/inspect/read_code.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

namespace initorder::inspect {
namespace {

constexpr std::size_t kKeys = 128;           // include/limits.h, PTHREAD_KEYS_MAX
constexpr std::uint64_t kNext = 24;          // src/internal/pthread_impl.h, struct pthread: self, dtv, prev, next,
constexpr std::array<std::uint64_t, 2> kTids{48, 56}; // sysinfo, canary, tid; up to 1.2.1 canary2 before tid
constexpr std::uint64_t kMostSearched = 32 << 20; ///< bytes of one process, beside the C library's own data

const elf::Loaded *find_musl(const Image &image) {
  for (const elf::Loaded &loaded : image.objects()->objects) {
    const auto name = trace::base_name(loaded.path);
    if (loaded.object && (name.starts_with("ld-musl") || name.starts_with("libc.musl")))
      return &loaded;
  }
  return nullptr;
}

CodeRead code_of(const Image &image, const elf::Loaded &library, const char *function) {
  const auto found = library.object->find(function);
  return found ? read_code(image, library, found->address, found->size) : CodeRead();
}

/// What pthread_key_create() and pthread_key_delete() both work on, and lock by no call: the keys.
std::optional<RemoteAddr> find_keys(const Image &image, const CodeRead &creates, const CodeRead &deletes) {
  std::optional<RemoteAddr> out;
  for (const RemoteAddr at : creates.references) {
    const bool is_passed = std::ranges::any_of(creates.calls, [&](const SeenCall &call) { return call.arguments[0] == number(at); });
    if (is_passed || image.is_code(at) || !std::ranges::binary_search(deletes.references, at))
      continue;
    if (out)
      return std::nullopt;
    out = at;
  }
  return out;
}

/// Finds structures of threads in memory by their look.
class Search {
public:
  explicit Search(const Image &image) : image_(image) {
    for (const TargetThread &thread : image.target().threads)
      tids_.insert(thread.inner_tid);
  }

  struct Found {
    RemoteAddr thread{};
    std::uint64_t tid_in_pthread = 0;
  };
  /// Any thread. Looks first where they are likely to be.
  std::optional<Found> find_first(const elf::Loaded &library) {
    for (const elf::Segment &segment : library.object->segments())
      if (segment.writable)
        if (const auto found = find_in(at(segment.begin, library.bias), at(segment.end, library.bias)))
          return found;
    // A thread's is above its stack, in one mapping; the first thread's is where there was room for it.
    for (const TargetThread &thread : image_.target().threads) {
      const auto sp = thread.asleep ? thread.asleep->sp : RemoteAddr{thread.registers ? thread.registers->sp() : 0};
      const elf::Mapping *mapping = image_.target().mapping_at(sp);
      if (mapping && mapping->path.empty())
        if (const auto found = find_in(RemoteAddr{number(sp) & ~7ull}, mapping->end))
          return found;
    }
    for (const elf::Mapping &mapping : image_.target().mappings)
      if (elf::kind_of(mapping) == elf::MemoryKind::heap && mapping.writable)
        if (const auto found = find_in(mapping.begin, mapping.end))
          return found;
    return std::nullopt;
  }

private:
  std::optional<Found> find_in(RemoteAddr begin, RemoteAddr end) {
    constexpr std::uint64_t piece = 1 << 16;
    std::array<std::uint64_t, piece / 8> words;
    for (RemoteAddr from = begin; from < end; from = from + piece) {
      const auto size = std::min(piece, number(end) - number(from));
      left_ -= std::min(left_, size);
      const std::size_t got = left_ == 0 ? 0 : image_.target().memory().read_some(from, std::as_writable_bytes(std::span(words)).first(size));
      for (std::size_t i = 0; i < got / 8; ++i)
        for (const std::uint64_t tid : kTids)
          if (words[i] == number(from) + 8 * i && is_thread(from + 8 * i, tid))
            return Found{from + 8 * i, tid};
      if (got < size)
        return std::nullopt;
    }
    return std::nullopt;
  }

  bool is_thread(RemoteAddr self, std::uint64_t tid_in_pthread) const {
    const auto tid = read_object<std::int32_t>(image_.memory(), self + tid_in_pthread);
    const auto next = read_object<std::uint64_t>(image_.memory(), self + kNext);
    if (!tid || !next || !tids_.contains(*tid))
      return false;
    const auto of_next = read_object<std::uint64_t>(image_.memory(), RemoteAddr{*next});
    return of_next && *of_next == *next;
  }

  const Image &image_;
  std::set<pid_t> tids_;
  std::uint64_t left_ = kMostSearched;
};

} // namespace

bool has_musl(const Image &image) {
  return find_musl(image) != nullptr;
}

Result<MuslLayout> musl_layout(const Image &image) {
  const Error unsupported{Error::Kind::unsupported, fmt::format("process {}", image.target().pid),
                          "a musl whose code is not understood here: cannot tell what its threads hold"};
  const elf::Loaded *library = find_musl(image);
  if (!library)
    return unsupported;
  const CodeRead creates = code_of(image, *library, "pthread_key_create");
  const auto keys = find_keys(image, creates, code_of(image, *library, "pthread_key_delete"));
  const auto values = code_of(image, *library, "pthread_getspecific").fields;
  const auto none = std::ranges::find_if(creates.references, [&](RemoteAddr at) { return image.is_code(at); });
  if (!keys || values.empty() || image.memory_at(*keys) != Memory::data)
    return unsupported;
  return MuslLayout{*keys, none == creates.references.end() ? RemoteAddr{} : *none, values.front()};
}

Result<std::vector<Descriptor>> read_descriptors(const Image &image, const MuslLayout &) {
  const std::string process = fmt::format("process {}", image.target().pid);
  const elf::Loaded *library = find_musl(image);
  const auto first = library ? Search(image).find_first(*library) : std::nullopt;
  if (!first)
    return Error{Error::Kind::unsupported, process,
                 "musl does not say where it has its threads, and they were not found: cannot tell what they hold"};
  std::vector<Descriptor> out;
  std::set<RemoteAddr> seen;
  for (RemoteAddr at = first->thread; seen.insert(at).second;) {
    const auto tid = read_object<std::int32_t>(image.memory(), at + first->tid_in_pthread);
    const auto self = read_object<std::uint64_t>(image.memory(), at), next = read_object<std::uint64_t>(image.memory(), at + kNext);
    if (!tid || !self || !next || *self != number(at) || seen.size() > kMostThreads)
      return Error{Error::Kind::malformed, process, "the list of threads leads to what is none: cannot tell what they hold"};
    out.push_back({at, *tid, RemoteAddr{}});
    at = RemoteAddr{*next};
  }
  return out;
}

Result<std::vector<Key>> read_keys(const Image &image, const MuslLayout &layout) {
  const auto destructors = read_object<std::array<std::uint64_t, kKeys>>(image.memory(), layout.keys);
  if (!destructors)
    return destructors.error();
  std::vector<Key> out;
  for (unsigned i = 0; i < kKeys; ++i) {
    const RemoteAddr destructor{(*destructors)[i]};
    if (destructor == RemoteAddr{})
      continue;
    if (!image.is_code(destructor))
      return Error{Error::Kind::malformed, fmt::format("{:#x}", number(layout.keys)),
                   "these are no destructors of keys: cannot tell which keys there are"};
    Key key{.number = i, .generation = 1}; // musl keeps none: it clears the values of a key that is given back
    if (destructor != layout.no_destructor) {
      key.destructor = image.frame(destructor);
      key.object = image.object_at(destructor);
    }
    out.push_back(std::move(key));
  }
  return out;
}

Result<std::vector<HeldValue>> read_values(const Image &image, const MuslLayout &layout, const Descriptor &thread,
                                           const std::vector<Key> &keys) {
  std::vector<HeldValue> out;
  const auto begin = read_object<std::uint64_t>(image.memory(), thread.address + layout.values_in_pthread);
  if (!begin)
    return begin.error();
  for (const Key &key : keys) {
    const auto value = *begin == 0 ? Result<std::uint64_t>(std::uint64_t{0})
                                   : read_object<std::uint64_t>(image.memory(), RemoteAddr{*begin} + 8 * key.number);
    if (!value)
      return value.error();
    if (*value != 0)
      out.push_back({key.number, *value, image.memory_at(RemoteAddr{*value}), image.shared_at(RemoteAddr{*value})});
  }
  return out;
}

} // namespace initorder::inspect
