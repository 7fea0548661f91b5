// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/read_process.h"

#include "tracer/inspect/handlers.h"
#include "tracer/inspect/waits.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace initorder::inspect {
namespace {

std::vector<LoadedObject> list_objects(const ObjectSet &objects) {
  std::vector<LoadedObject> out;
  std::map<std::string, std::vector<std::string>> needed_by; // of the objects so far: what comes later found it there
  const elf::Loaded &program = objects.objects.front();
  const std::string interpreter = program.object ? program.object->interpreter() : "";
  for (const elf::Loaded &loaded : objects.objects) {
    const std::string name(trace::base_name(loaded.path));
    if (name == trace::base_name(interpreter) && needed_by[name].empty()) // musl's loader is its C library
      needed_by[name].emplace_back(trace::base_name(program.path));
    out.push_back({loaded.path, loaded.object ? loaded.object->build_id() : "", loaded.bias, needed_by[name]});
    if (loaded.object)
      for (const std::string &needed : loaded.object->needed())
        needed_by[needed].push_back(name);
  }
  return out;
}

std::vector<SharedMapping> list_shared(const Target &target) {
  std::vector<SharedMapping> out;
  for (const elf::Mapping &mapping : target.mappings)
    if (mapping.shared)
      out.push_back({{(std::uint64_t{mapping.device_major} << 32) | mapping.device_minor, mapping.inode, mapping.offset,
                      mapping.path},
                     number(mapping.end) - number(mapping.begin)});
  return out;
}

/// The kernel's threads, each with what the C library says of it. False: the library's lists did not fit; a thread was
/// being made or was ending.
template <class Layout>
bool join_threads(const Image &image, const Layout &layout, const std::vector<Descriptor> &descriptors,
                  Process &out) {
  const Target &target = image.target();
  bool complete = true;
  for (const TargetThread &seen : target.threads) {
    Thread thread{.tid = seen.tid, .inner_tid = seen.inner_tid, .name = seen.name, .is_first = seen.tid == target.pid};
    const auto descriptor = std::ranges::find(descriptors, seen.inner_tid, &Descriptor::tid);
    if (descriptor == descriptors.end()) {
      complete = false;
    } else {
      thread.descriptor = number(descriptor->address);
      if (descriptor->start != RemoteAddr{} && !thread.is_first)
        thread.routine = image.frame(descriptor->start);
      if (auto values = read_values(image, layout, *descriptor, out.keys))
        thread.values = std::move(*values);
      else
        complete = false;
    }
    out.threads.push_back(std::move(thread));
  }
  return complete;
}

/// Errors: what makes it impossible to say anything of keys and values.
template <class Layout> Result<bool> read_thread_state(const Image &image, const Layout &layout, Process &out) {
  out.threads.clear();
  auto keys = read_keys(image, layout);
  if (!keys)
    return keys.error();
  out.keys = std::move(*keys);
  out.keys_known = true;
  const auto descriptors = read_descriptors(image, layout);
  if (!descriptors)
    return descriptors.error();
  return join_threads(image, layout, *descriptors, out);
}

/// The stacks of the main process's threads that this one has as well, without threads to run on them.
void find_copied_threads(const Image &image, const ThreadLayout &layout, const Process &main, Process &out) {
  for (const Thread &thread : main.threads) {
    const RemoteAddr at{thread.descriptor};
    if (thread.is_first || !thread.descriptor || !thread.routine || image.shared_at(at) ||
        std::ranges::find(out.threads, thread.descriptor, &Thread::descriptor) != out.threads.end())
      continue;
    const auto start = read_object<std::uint64_t>(image.memory(), at + layout.start_in_pthread);
    if (start && *start != 0 && image.frame(RemoteAddr{*start}, false).offset == thread.routine->offset)
      out.copied_threads.push_back(thread.descriptor);
  }
}

std::optional<std::uint64_t> mark_at(const Image &image, const Key &key, std::uint64_t value) {
  const auto read = read_object<std::uint64_t>(image.memory(), RemoteAddr{value} + *key.mark);
  return read && *read != 0 ? std::optional(*read) : std::nullopt;
}

void read_marks(const Image &image, Process &out) {
  for (Thread &thread : out.threads)
    for (HeldValue &held : thread.values)
      if (const auto key = std::ranges::find(out.keys, held.key, &Key::number); key != out.keys.end() && key->mark)
        held.mark = mark_at(image, *key, held.value);
}

/// What the main process's thread holds was inherited, and is no longer found.
void find_robbed(const Image &image, const Process &main, Process &out) {
  const auto first = std::ranges::find(out.threads, true, &Thread::is_first);
  const auto forked = std::ranges::find(main.threads, true, &Thread::is_first);
  if (first == out.threads.end() || first->descriptor == 0 || forked == main.threads.end())
    return;
  for (const Key &key : out.keys) {
    const auto inherited = std::ranges::find(forked->values, key.number, &HeldValue::key);
    const auto same = std::ranges::find_if(main.keys, [&](const Key &other) { return same_key(key, other); });
    if (!key.mark || same == main.keys.end() || inherited == forked->values.end() || !inherited->mark)
      continue;
    const auto held = std::ranges::find(first->values, key.number, &HeldValue::key);
    if (held != first->values.end() && held->value == inherited->value)
      continue;
    // Not there: the main process made its own only after the fork.
    if (mark_at(image, key, inherited->value) == inherited->mark)
      out.robbed_of.push_back(key.number);
  }
}

void read_handlers(const Image &image, Process &out) {
  const auto thread = std::ranges::find_if(out.threads, [](const Thread &one) { return one.descriptor != 0; });
  if (thread == out.threads.end())
    return;
  auto at_fork = read_fork_handlers(image), at_exit = read_exit_handlers(image, RemoteAddr{thread->descriptor});
  out.fork_handlers_known = at_fork.has_value();
  out.exit_handlers_known = at_exit.has_value();
  if (at_fork)
    out.fork_handlers = std::move(*at_fork);
  else
    out.cannot_tell.push_back(at_fork.error().text());
  if (at_exit)
    out.exit_handlers = std::move(*at_exit);
  else
    out.cannot_tell.push_back(at_exit.error().text());
}

Process describe(const Target &target) {
  Process out;
  out.pid = target.pid;
  out.inner_pid = target.inner_pid;
  out.parent = target.parent;
  out.name = target.name;
  out.program = target.program_path;
  out.core = target.core;
  return out;
}

Knowledge learn(const Image &image, const Packs &packs) {
  Knowledge out{.objects = image.objects(), .listed = list_objects(*image.objects())};
  out.cannot_tell = out.objects->cannot_tell;
  const auto keep = [&](const auto &layout) {
    if (layout)
      out.layout = *layout;
    else
      out.cannot_tell.push_back(layout.error().text());
  };
  if (has_musl(image))
    keep(musl_layout(image));
  else
    keep(thread_layout(image));
  out.variables = find_key_variables(image, packs.libraries);
  out.locks = find_lock_variables(image, packs.libraries);
  return out;
}

} // namespace

Result<Process> read_process(const Target &target, const Packs &packs, const Process *main, Learned &learned) {
  Process out = describe(target);
  std::vector<std::shared_ptr<const ObjectSet>> sets;
  for (const Knowledge &one : learned.sets)
    sets.push_back(one.objects);
  auto image = Image::read(target, sets);
  if (!image)
    return image.error();
  auto known = std::ranges::find(learned.sets, image->objects(), &Knowledge::objects);
  if (known == learned.sets.end())
    known = learned.sets.insert(known, learn(*image, packs));
  out.objects = known->listed;
  out.shared = list_shared(target);
  out.cannot_tell = known->cannot_tell;
  if (!known->layout)
    return out;

  // It runs while we read. What does not fit together is read again, from the process as it is by then.
  // A process that fork() has just made has not come to write down its own number.
  constexpr int attempts = 20;
  for (int attempt = 1;; ++attempt) {
    const auto complete =
        std::visit([&](const auto &layout) { return read_thread_state(*image, layout, out); }, *known->layout);
    if (complete && *complete)
      break;
    if (attempt == attempts || target.stands() || !learned.patience.wait_a_moment()) {
      out.cannot_tell.push_back(complete ? "threads came and went while they were read: not all of them are told"
                                         : complete.error().text());
      break;
    }
    image = Image::read(target, {known->objects});
    if (!image)
      return image.error();
  }
  name_keys(*image, known->variables, packs.libraries, out.threads, out.keys);
  read_marks(*image, out);
  const auto *glibc = std::get_if<ThreadLayout>(&*known->layout);
  read_waits(*image, glibc != nullptr, learned.patience, out.threads);
  if (glibc)
    name_locks(*image, known->locks, *glibc, main, learned.patience, out);
  else
    out.cannot_tell.push_back("musl does not say who has a mutex, and which threads fork() has copied: cannot tell whether "
                              "locks were copied while they were held");
  read_handlers(*image, out);
  if (main)
    find_robbed(*image, *main, out);
  if (main && glibc)
    find_copied_threads(*image, *glibc, *main, out);
  return out;
}

} // namespace initorder::inspect
