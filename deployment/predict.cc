// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/predict.h"

#include "deployment/code_events.h"
#include "deployment/load_events.h"
#include "deployment/parameters.h"

#include <algorithm>

namespace initorder::deployment {

namespace {

bool has(const Phase &phase, EntryPoint::Kind kind) {
  return std::ranges::any_of(phase.entries, [&](const EntryPoint &entry) { return entry.kind == kind; });
}

/// The phase in which modules are loaded; null: the host has none.
const Phase *loading_phase(const HostPack &host) {
  const auto found = std::ranges::find_if(host.phases, [](const Phase &phase) {
    return has(phase, EntryPoint::Kind::link) || has(phase, EntryPoint::Kind::constructor);
  });
  return found == host.phases.end() ? nullptr : &*found;
}

class Startup {
public:
  Startup(const Deployment &deployment, const Packs &packs)
      : deployment_(deployment), loads_(deployment, packs), code_(deployment, packs) {}

  std::vector<Event> run() {
    const HostPack &host = *deployment_.host;
    const Phase *loading = loading_phase(host);
    // What a module does while it is loaded comes before the next one is opened, although other phases are named later.
    std::vector<const Phase *> with_loading, later;
    for (const Phase &phase : host.phases)
      (loading && phase.opened_by == loading->opened_by ? with_loading : later).push_back(&phase);
    for (const Phase &phase : host.phases)
      note_interposers(phase);
    for (const InstalledModule &module : deployment_.modules) {
      const std::vector<std::size_t> objects = loads_.add(module, events_);
      if (loading)
        for (const std::size_t object : objects)
          code_.add_constructors(module, object, *loading, events_);
      for (const Phase *phase : with_loading)
        for (const EntryPoint &entry : phase->entries)
          code_.add_entry(module, *phase, entry, 0, events_);
    }
    add_parameter_events(deployment_, events_);
    for (const Phase *phase : later)
      run_phase(*phase);
    return std::move(events_);
  }

  std::vector<Caveat> caveats() const { return code_.caveats(); }

private:
  /// What the program defines itself stands above the libraries' for all.
  void note_interposers(const Phase &phase) {
    if (deployment_.program.empty())
      return;
    const MappedObject &program = deployment_.image.objects().front();
    for (const EntryPoint &entry : phase.entries)
      for (const std::string &name : entry.names) {
        if (entry.kind != EntryPoint::Kind::interposer || !program.object->find(name))
          continue;
        Event event;
        event.effect = entry.effect;
        event.call = name;
        event.library = deployment_.host->name;
        event.source = phase.source;
        event.place.phase = phase.id;
        event.place.module = "core";
        event.site.file = program.path;
        event.site_function = name;
        event.site_unit = "core";
        event.object = program.file;
        event.path = {{event.site, name, "the program defines " + name + "() itself"}};
        events_.push_back(std::move(event));
      }
  }

  void run_phase(const Phase &phase) {
    if (phase.fork)
      code_.add_fork_handlers(phase, ++processes_, events_);
    code_.add_hooks(phase, events_);
    for (const EntryPoint &entry : phase.entries) {
      const unsigned process = phase.process == ProcessRole::worker ? ++processes_ : 0;
      for (const InstalledModule &module : deployment_.modules)
        code_.add_entry(module, phase, entry, process, events_);
    }
  }

  const Deployment &deployment_;
  LoadEvents loads_;
  CodeEvents code_;
  std::vector<Event> events_;
  unsigned processes_ = 0;
};

} // namespace

EventSequence predict(const Deployment &deployment, const Packs &packs, std::vector<Caveat> *caveats) {
  EventSequence out;
  out.scenario = deployment.scenario();
  Startup startup(deployment, packs);
  out.events = startup.run();
  if (caveats)
    *caveats = startup.caveats();
  return out;
}

} // namespace initorder::deployment
