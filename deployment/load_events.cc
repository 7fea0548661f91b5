// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/load_events.h"

#include "rules/deployment_effects.h"

#include <fnmatch.h>

namespace initorder::deployment {

namespace {

constexpr const char *kLoad = "load"; // the phase in which hosts load modules

} // namespace

bool is_object(const std::string &file, const std::string &pattern) {
  const std::size_t end = file.find(".so");
  return end != file.npos && ::fnmatch(pattern.c_str(), file.substr(0, end).c_str(), 0) == 0;
}

Event event_of(const InstalledModule &module, std::string_view effect) {
  Event out;
  out.effect = effect;
  out.place.phase = kLoad;
  out.place.module = module.loaded.name;
  out.site = module.loaded.at;
  out.site_unit = module.loaded.name;
  out.certainty = module.loaded.guard.certainty;
  if (!module.loaded.guard.condition.empty())
    out.conditions.push_back(module.loaded.guard.condition);
  return out;
}

LoadEvents::LoadEvents(const Deployment &deployment, const Packs &packs) : deployment_(deployment), packs_(packs) {
  // What the program itself links is there before any module.
  if (deployment.program.empty())
    return;
  for (const std::size_t number : deployment.image.closure(0)) {
    loaded_.insert(number);
    for (const LibraryPack &pack : packs.libraries)
      for (const std::string &pattern : pack.objects)
        if (is_object(deployment.image.objects()[number].file, pattern))
          kinds_.try_emplace({pack.name, pattern}, number);
  }
}

/// loadmodule, then each DT_NEEDED on the way.
std::vector<PathStep> LoadEvents::path_to(const InstalledModule &module, std::size_t number) const {
  const auto &objects = deployment_.image.objects();
  std::vector<PathStep> out;
  for (std::optional<std::size_t> at = number; at && at != module.object; at = objects[*at].needed_by) {
    const std::optional<std::size_t> by = objects[*at].needed_by;
    if (by)
      out.insert(out.begin(), {{objects[*by].path}, "", "needs " + objects[*at].file + ": " + objects[*at].path});
  }
  out.insert(out.begin(), {module.loaded.at, "", "loadmodule " + module.loaded.name + ": " + module.path});
  return out;
}

/// `told`: effects of this object so far; several packs may know of the same one.
void LoadEvents::add_effects(const InstalledModule &module, std::size_t number, const LibraryPack &pack,
                             std::set<std::string> &told, std::vector<Event> &out) {
  const MappedObject &object = deployment_.image.objects()[number];
  for (const LinkEffect &effect : pack.on_load) {
    if (!effect.link_library.empty() && !is_object(object.file, "lib" + effect.link_library))
      continue;
    if (!told.insert(effect.effect).second)
      continue;
    Event event = event_of(module, effect.effect);
    event.call = object.file;
    event.object = object.file;
    event.library = pack.name;
    event.why = effect.why;
    event.source = effect.source;
    event.path = path_to(module, number);
    out.push_back(std::move(event));
  }
}

/// False: it is there already.
bool LoadEvents::add_object(const InstalledModule &module, std::size_t number, std::vector<Event> &out) {
  if (!loaded_.insert(number).second)
    return false;
  const auto &objects = deployment_.image.objects();
  const MappedObject &object = objects[number];
  std::set<std::string> told;
  for (const LibraryPack &pack : packs_.libraries) {
    bool is_of_pack = false;
    for (const std::string &section : pack.sections)
      is_of_pack = is_of_pack || object.linkage->sections.contains(section);
    for (const std::string &pattern : pack.objects) {
      if (!is_object(object.file, pattern))
        continue;
      is_of_pack = true;
      const auto [first, is_new] = kinds_.try_emplace({pack.name, pattern}, number);
      if (is_new || objects[first->second].file == object.file)
        continue;
      Event event = event_of(module, kSecondVersion);
      event.call = object.file;
      event.object = object.file;
      event.library = pack.name;
      event.why = "the process has " + objects[first->second].path + " already";
      event.path = path_to(module, number);
      out.push_back(std::move(event));
    }
    if (is_of_pack)
      add_effects(module, number, pack, told, out);
  }
  return true;
}

std::vector<std::size_t> LoadEvents::add(const InstalledModule &module, std::vector<Event> &out) {
  Event event = event_of(module, module.object && module.problem.empty() ? kModuleLoad : kModuleMissing);
  event.call = "loadmodule " + module.loaded.name;
  event.why = module.problem;
  event.path = {{module.loaded.at, "", "loadmodule " + module.loaded.name + (module.path.empty() ? "" : ": " + module.path)}};
  out.push_back(std::move(event));
  // The server looks at a module's version when the libraries are there and their constructors have run.
  std::vector<std::size_t> brought;
  if (module.object)
    for (const std::size_t number : deployment_.image.closure(*module.object))
      if (add_object(module, number, out))
        brought.insert(brought.begin(), number);
  return brought;
}

} // namespace initorder::deployment
