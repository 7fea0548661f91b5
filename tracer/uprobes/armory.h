// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sets uprobes in the files of processes, and takes them away.
#pragma once

#include "tracer/uprobes/closer.h"
#include "tracer/uprobes/kernel.h"
#include "tracer/uprobes/watched.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace initorder::uprobes {

class Armory {
public:
  /// `slots`: how many there are; one is nobody's. A call takes one, a return another.
  explicit Armory(Kernel &kernel, std::uint32_t slots = Kernel::kSlots) : kernel_(kernel), owners_(slots) {}
  /// Told of what cannot be done in a process.
  std::function<void(const Watched &, std::string)> on_remark = [](const Watched &, const std::string &) {};

  /// Sets what the file's sites ask for.
  void arm(Watched &process, File &file);
  /// Takes away the sites that are over. Those that stay are heard all the while.
  void renew(Watched &process, File &file);
  void disarm(File &file);
  void disarm(Watched &process);
  /// How often this site of the process has been called.
  std::uint64_t calls(const Site &site);

  struct Owner {
    Watched *process = nullptr;
    File *file = nullptr;
    std::size_t site = 0;
    Moment moment = Moment::call;
    std::uint32_t since = 0; ///< the generation in which it took the slot
  };
  /// Whose hit it is; null: of something that is no more.
  const Owner *owner(std::uint64_t cookie) const;

  /// Since it was last asked: hits for which there was no room.
  std::uint64_t lost();
  /// Hits beyond what is written down, as far as they were seen.
  std::uint64_t unwritten() const { return unwritten_; }

private:
  bool has_slots(unsigned count) const { return free_.size() + (owners_.size() - next_) >= count; }
  std::uint32_t take_slot(Watched &process, File &file, std::size_t site, Moment moment);
  void free_slot(std::uint32_t index);
  void free_slots(Site &site);
  void link(Watched &process, File &file, Moment moment, std::span<const std::uint32_t> slots);
  void unfit(Watched &process, File &file, std::uint32_t slot);

  Kernel &kernel_;
  std::vector<Owner> owners_;
  std::vector<std::uint32_t> free_;
  std::uint32_t next_ = 1; ///< 0 is nobody's
  std::set<std::pair<const elf::Object *, std::uint64_t>> unfit_; ///< places where the kernel can set none
  std::uint64_t lost_told_ = 0, lost_before_ = 0; ///< all that was told; of slots that have been freed
  std::uint64_t unwritten_ = 0;
  Closer closer_;
};

} // namespace initorder::uprobes
