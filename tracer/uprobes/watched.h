// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of the processes that are followed.
#pragma once

#include "tracer/elf/link_map.h"
#include "tracer/elf/mappings.h"
#include "tracer/elf/process_memory.h"
#include "tracer/elf/unwind.h"
#include "tracer/trace/record.h"
#include "tracer/uprobes/descriptor.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace initorder::uprobes {

constexpr std::uint32_t kObjectsChanged = UINT32_MAX; ///< instead of a probe: the dynamic loader has changed its list

/// A place in a file where a process is looked at.
struct Site {
  std::uint32_t probe = 0;
  std::uint64_t offset = 0;        ///< in the file
  std::uint32_t most = 0;          ///< calls that are written down
  bool ends = false;               ///< its return is seen too
  std::uint32_t call_slot = 0;     ///< 0: none
  std::uint32_t return_slot = 0;
  bool over = false;               ///< nothing is set there any more, or ever was
};

struct File {
  elf::Loaded loaded;
  std::string path;                ///< by which the kernel opens what is mapped there
  std::vector<Site> sites;
  std::vector<Descriptor> links;   ///< all sites are taken away when these close
  std::optional<std::chrono::steady_clock::time_point> stale; ///< since then there are sites that are to go
};

/// A call whose return is to come.
struct OpenCall {
  RemoteAddr sp{};                 ///< at the call: there lies the return address
  RemoteAddr back{};               ///< the return address
  trace::CallNumber call{};
  std::uint32_t probe = 0;
  std::vector<std::uint64_t> arguments;
};

struct WatchedThread {
  std::vector<OpenCall> calls;     ///< innermost last
  std::string child_name;          ///< what the host calls the process that this thread is about to fork
};

struct Watched {
  explicit Watched(pid_t of) : pid(of), memory(of) {}

  pid_t pid;
  trace::ProcessNumber number{};
  elf::ProcessMemory memory;
  std::optional<elf::Mappings> mappings; ///< opened when first asked
  std::shared_ptr<const elf::Layout> layout;
  std::vector<elf::LinkMapEntry> rows;   ///< the link map as last read
  std::optional<elf::Rendezvous> rendezvous;
  std::vector<std::unique_ptr<File>> files;
  std::map<pid_t, WatchedThread> threads; ///< those that have been heard of
  /// Its first thread has ended, others run: nothing is mapped under its pid any more, and no uprobe can be set by it.
  bool is_headless = false;
  std::uint64_t last_seen = 0;            ///< of a headless one: when its latest thread ended, CLOCK_MONOTONIC, nanoseconds
  pid_t reader = pid;                     ///< the thread through which its memory is read

  void read_through(pid_t tid) {
    if (reader == tid)
      return;
    reader = tid;
    memory = elf::ProcessMemory(tid);
    mappings.reset();
  }
};

} // namespace initorder::uprobes
