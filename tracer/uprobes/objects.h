// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a process has loaded, read from its memory while it runs, and where in that it is to be looked at.
#pragma once

#include "rules/packs.h"
#include "rules/probes.h"
#include "tracer/uprobes/armory.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace initorder::uprobes {

class Objects {
public:
  /// Refers to all of them. `most_calls`: of one function, where its pack gives no other number.
  Objects(const std::vector<Probe> &probes, unsigned most_calls, Armory &armory)
      : probes_(probes), most_calls_(most_calls), armory_(armory) {}

  /// Errors: as elf::Object::open(); the process is not followed.
  Result<void> attach(Watched &process);
  /// The child's memory is a copy of its parent's. Calls of which only the first are seen are seen there again.
  void forked(const Watched &parent, Watched &child);
  /// The dynamic loader has changed its list: what came and what went. It may change again meanwhile: then this is called again.
  /// `at`: when it changed, CLOCK_MONOTONIC, nanoseconds.
  void changed(Watched &process, std::uint64_t at, const std::function<void(decltype(trace::Record::what))> &record);

private:
  std::unique_ptr<File> file_of(const Watched &process, const elf::LinkMapEntry &row);
  void add_sites(const Watched &process, File &file);
  bool read_rows(Watched &process);
  void lay_out(Watched &process);

  const std::vector<Probe> &probes_;
  unsigned most_calls_;
  Armory &armory_;
  elf::ObjectCache cache_;
  /// Where each probe stands in an object. Objects live as long as the cache.
  std::map<const elf::Object *, std::vector<std::pair<std::uint32_t, FileAddr>>> places_;
};

} // namespace initorder::uprobes
