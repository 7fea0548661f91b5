// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/handlers.h"

#include "tracer/inspect/read_code.h"

#include <algorithm>
#include <bit>

namespace initorder::inspect {
namespace {

constexpr std::uint64_t kMostHandlers = 65536;

Error cannot_tell(const char *what) {
  return {Error::Kind::unsupported, "", std::string("cannot tell which ") + what +
                                            " there are: this C library does not keep them as glibc 2.28 to 2.41 do"};
}

std::optional<CodeRead> code_of(const Image &image, const char *function) {
  RemoteAddr at{};
  const elf::Loaded *loaded = image.objects()->defining(function, at);
  return loaded ? std::optional(read_code(image, *loaded, in_file(at, loaded->bias))) : std::nullopt;
}

bool is_function(const Image &image, std::uint64_t address) {
  return address == 0 || image.is_code(RemoteAddr{address});
}

/// glibc-2.36 nptl/register-atfork.c and malloc/dynarray.h: a dynarray of struct fork_handler with room for 48 behind it.
struct ForkHandlers {
  std::uint64_t used, allocated, array;
};
struct ForkHandler {
  std::uint64_t prepare, parent, child, object;
};

/// Rows of `row` bytes: 40 since glibc 2.36, which gives each an id, 32 before. None: these are no such rows.
std::optional<std::vector<Handler>> rows_of(const Image &image, const ForkHandlers &list, std::uint64_t row) {
  std::vector<Handler> out;
  for (std::uint64_t i = 0; i < list.used; ++i) {
    const auto one = read_object<ForkHandler>(image.memory(), RemoteAddr{list.array + i * row});
    if (!one || !is_function(image, one->prepare) || !is_function(image, one->parent) || !is_function(image, one->child) ||
        (one->prepare | one->parent | one->child) == 0)
      return std::nullopt;
    const std::string object = image.object_at(RemoteAddr{one->object});
    if (one->object != 0 && object.empty())
      return std::nullopt;
    const std::pair<const char *, std::uint64_t> functions[] = {
        {"prepare", one->prepare}, {"parent", one->parent}, {"child", one->child}};
    for (const auto &[when, function] : functions)
      if (function != 0)
        out.push_back({when, image.frame(RemoteAddr{function}), object});
  }
  return out;
}

/// The only address at which the code uses a structure of three words and what stands behind it.
std::optional<RemoteAddr> fork_list_of(const CodeRead &code) {
  std::optional<RemoteAddr> out;
  const auto refers = [&](RemoteAddr at) { return std::ranges::binary_search(code.references, at); };
  for (const RemoteAddr at : code.references)
    if (refers(at + 8) && refers(at + 16) && refers(at + 24)) {
      if (out)
        return std::nullopt;
      out = at;
    }
  return out;
}

/// glibc-2.36 stdlib/exit.h, struct exit_function and exit_function_list.
struct ExitFunction {
  std::uint64_t flavour, function, argument, object;
};
enum : std::uint64_t { kFree, kInUse, kOnExit, kAtExit, kCxa };
struct ExitBlock {
  std::uint64_t next, used;
  ExitFunction functions[32];
};

/// Undoes PTR_MANGLE: glibc-2.36 sysdeps/unix/sysv/linux/x86_64/pointer_guard.h.
std::uint64_t demangled(std::uint64_t pointer, std::uint64_t guard) {
  return std::rotr(pointer, 17) ^ guard;
}

/// The list's head is what __cxa_atexit() passes on and what exit() works off: both must say the same.
std::optional<RemoteAddr> exit_list_of(const Image &image) {
  const auto adds = code_of(image, "__cxa_atexit"), runs = code_of(image, "exit");
  if (!adds || !runs || adds->calls.empty() || runs->calls.empty())
    return std::nullopt;
  const auto added = adds->calls.front().arguments[3], run = runs->calls.front().arguments[1];
  return added && added == run ? std::optional(RemoteAddr{*added}) : std::nullopt;
}

/// One block's handlers, oldest first. False: this is no such block.
bool add_block(const Image &image, const ExitBlock &block, std::uint64_t guard, std::vector<Handler> &out) {
  if (block.used > std::size(block.functions))
    return false;
  for (std::uint64_t i = 0; i < block.used; ++i) {
    const ExitFunction &one = block.functions[i];
    if (one.flavour == kFree || one.flavour == kInUse)
      continue;
    const std::uint64_t function = demangled(one.function, guard);
    if (one.flavour > kCxa || function == 0 || !image.is_code(RemoteAddr{function}))
      return false;
    const bool has_object = one.flavour == kCxa && one.object != 0;
    out.push_back({one.flavour == kOnExit ? "on_exit" : one.flavour == kCxa && one.argument != 0 ? "destructor" : "atexit",
                   image.frame(RemoteAddr{function}), has_object ? image.object_at(RemoteAddr{one.object}) : ""});
  }
  return true;
}

} // namespace

Result<std::vector<Handler>> read_fork_handlers(const Image &image) {
  const Error unknown = cannot_tell("at-fork handlers");
  const auto code = code_of(image, "__register_atfork");
  const auto at = code ? fork_list_of(*code) : std::nullopt;
  const auto list = at ? read_object<ForkHandlers>(image.memory(), *at) : Result<ForkHandlers>(unknown);
  if (!list || image.memory_at(*at) != Memory::data)
    return unknown;
  if (list->used == 0)
    return std::vector<Handler>();
  if (list->used > list->allocated || list->used > kMostHandlers)
    return unknown;
  auto with_id = rows_of(image, *list, 40), without = rows_of(image, *list, 32);
  // One row looks the same either way.
  if (with_id && (list->used == 1 || !without))
    return std::move(*with_id);
  return without && !with_id ? Result<std::vector<Handler>>(std::move(*without)) : unknown;
}

Result<std::vector<Handler>> read_exit_handlers(const Image &image, RemoteAddr descriptor) {
  const Error unknown = cannot_tell("exit handlers");
  constexpr std::uint64_t guard_in_descriptor = 0x30; // tcbhead_t.pointer_guard
  const auto guard = read_object<std::uint64_t>(image.memory(), descriptor + guard_in_descriptor);
  const auto list = exit_list_of(image);
  auto next = list ? read_object<std::uint64_t>(image.memory(), *list) : Result<std::uint64_t>(unknown);
  std::vector<ExitBlock> blocks; // the newest first
  while (next && *next != 0) {
    const auto block = read_object<ExitBlock>(image.memory(), RemoteAddr{*next});
    if (!block || blocks.size() * std::size(block->functions) > kMostHandlers)
      return unknown;
    blocks.push_back(*block);
    next = block->next;
  }
  if (!guard || !next || blocks.empty())
    return unknown; // each program has one, the loader's own
  std::vector<Handler> out;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block)
    if (!add_block(image, *block, *guard, out))
      return unknown;
  return out;
}

} // namespace initorder::inspect
