// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/code_ledger.h"

#include "tracer/process/x86_64.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace initorder {

struct CodeLedger::Entry {
  std::atomic<std::uint64_t> address; ///< 0: none. Written last, and cleared first
  pid_t process;
  std::byte own;
  Of of;
};

namespace {

/// 400 breakpoints each in 2,500 processes. Only what is used takes memory.
constexpr std::size_t kMost = 1'000'000;

pid_t parent_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto close = text.rfind(')');
  return close == text.npos || close + 4 > text.size() ? 0 : std::atoi(text.c_str() + close + 4);
}

/// Children, and theirs, of these processes that are not among them: each with the nearest of them above it.
std::map<pid_t, pid_t> descendants_of(const std::map<pid_t, std::vector<const void *>> &known) {
  std::map<pid_t, pid_t> parents, out;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error))
    if (const pid_t pid = std::atoi(entry->path().filename().c_str()); pid > 0)
      parents[pid] = parent_of(pid);
  for (const auto &[pid, parent] : parents) {
    if (known.contains(pid))
      continue;
    pid_t above = parent;
    for (int generation = 0; above > 1 && !known.contains(above) && generation < 64; ++generation)
      above = parents.contains(above) ? parents[above] : 0;
    if (known.contains(above))
      out[pid] = above;
  }
  return out;
}

/// Through the first thread that still has it: that of the process may have ended before the others. -1: none has.
int open_memory(pid_t process, off_t at) {
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (std::filesystem::directory_iterator task(tasks, error), end; !error && task != end; task.increment(error)) {
    const int memory = open((task->path().string() + "/mem").c_str(), O_RDWR | O_CLOEXEC);
    std::byte there{};
    if (memory >= 0 && pread(memory, &there, 1, at) == 1)
      return memory;
    if (memory >= 0)
      close(memory);
  }
  return -1;
}

} // namespace

Result<CodeLedger *> CodeLedger::make() {
  void *memory = mmap(nullptr, kMost * sizeof(Entry), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return Error{Error::Kind::denied, "", std::string("no memory: ") + std::strerror(errno)};
  return new CodeLedger(static_cast<Entry *>(memory)); // as long as the two processes
}

CodeLedger::Slot CodeLedger::note(pid_t process, RemoteAddr at, std::byte own, Of of) {
  if (free_.empty() && used_ == kMost)
    return kFull;
  const Slot slot = free_.empty() ? used_++ : free_.back();
  if (!free_.empty())
    free_.pop_back();
  Entry &entry = entries_[slot];
  entry.process = process;
  entry.own = own;
  entry.of = of;
  entry.address.store(number(at), std::memory_order_release);
  return slot;
}

void CodeLedger::hand_over(Slot slot, pid_t process) {
  if (slot != kFull)
    entries_[slot].process = process;
}

void CodeLedger::forget(Slot slot) {
  if (slot == kFull)
    return;
  entries_[slot].address.store(0, std::memory_order_release);
  free_.push_back(slot);
}

CodeLedger::Restored CodeLedger::restore() const {
  std::map<pid_t, std::vector<const void *>> by_process;
  for (std::size_t slot = 0; slot < kMost; ++slot) {
    const Entry &entry = entries_[slot];
    if (entry.process == 0)
      break; // slots are taken in order
    if (entry.address.load(std::memory_order_acquire) != 0)
      by_process[entry.process].push_back(&entry);
  }
  Restored out;
  const auto place_of = [](const void *each) {
    return static_cast<off_t>(static_cast<const Entry *>(each)->address.load(std::memory_order_acquire));
  };
  const auto put_back = [&](pid_t process, const std::vector<const void *> &entries) {
    const int memory = open_memory(process, place_of(entries.front()));
    if (memory < 0)
      return;
    ++out.processes;
    for (const void *each : entries) {
      const Entry &entry = *static_cast<const Entry *>(each);
      const off_t at = place_of(each);
      std::byte there{};
      if (pread(memory, &there, 1, at) != 1 || there == entry.own ||
          (entry.of == Of::breakpoint && there != arch::kBreakpoint))
        continue;
      out.bytes += pwrite(memory, &entry.own, 1, at) == 1;
    }
    close(memory);
  };
  // Those that are known first: whatever time passes until then, they may run into one.
  for (const auto &[process, entries] : by_process)
    put_back(process, entries);
  for (const auto &[process, above] : descendants_of(by_process))
    put_back(process, by_process.at(above));
  return out;
}

} // namespace initorder
