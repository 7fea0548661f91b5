// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/armory.h"

#include <fmt/format.h>

#include <atomic>
#include <iterator>

namespace initorder::uprobes {

static std::uint32_t index_of(std::uint64_t cookie) { return static_cast<std::uint32_t>(cookie); }
static std::uint32_t generation_of(std::uint64_t cookie) { return static_cast<std::uint32_t>(cookie >> 32); }

std::uint32_t Armory::take_slot(Watched &process, File &file, std::size_t site, Moment moment) {
  const std::uint32_t index = free_.empty() ? next_++ : free_.back();
  if (!free_.empty())
    free_.pop_back();
  Slot &slot = kernel_.slot(index);
  slot.seen = slot.lost = 0;
  slot.most = file.sites[site].most;
  owners_[index] = {&process, &file, site, moment, slot.generation + 1};
  return index;
}

void Armory::free_slot(std::uint32_t index) {
  if (index == 0)
    return;
  Slot &slot = kernel_.slot(index);
  ++slot.generation; // what is under way is not heard any more
  lost_before_ += slot.lost;
  if (owners_[index].moment == Moment::call && slot.seen > slot.most)
    unwritten_ += slot.seen - slot.most;
  owners_[index] = {};
  free_.push_back(index);
}

void Armory::free_slots(Site &site) {
  free_slot(site.call_slot);
  free_slot(site.return_slot);
  site.call_slot = site.return_slot = 0;
}

const Armory::Owner *Armory::owner(std::uint64_t cookie) const {
  const Owner &found = owners_[index_of(cookie) % owners_.size()];
  return found.process && generation_of(cookie) >= found.since ? &found : nullptr;
}

std::uint64_t Armory::calls(const Site &site) { return site.call_slot ? kernel_.slot(site.call_slot).seen : 0; }

void Armory::unfit(Watched &process, File &file, std::uint32_t slot) {
  Site &site = file.sites[owners_[slot].site];
  site.over = true;
  if (unfit_.emplace(file.loaded.object.get(), site.offset).second)
    on_remark(process, fmt::format("{}: the kernel can set no uprobe at {:#x} of the file; what is called there is not recorded",
                                   file.loaded.path, site.offset));
}

/// One link for all; where the kernel refuses a place, it refuses them all, and halves tell which.
void Armory::link(Watched &process, File &file, Moment moment, std::span<const std::uint32_t> slots) {
  if (slots.empty())
    return;
  std::vector<Place> places;
  for (const std::uint32_t index : slots)
    places.push_back({file.sites[owners_[index].site].offset, std::uint64_t{kernel_.slot(index).generation + 1} << 32 | index});
  Result<Descriptor> made = kernel_.link(file.path, process.pid, moment, places);
  if (made) {
    file.links.push_back(std::move(*made));
    // From here the new link is heard, and one from before is not.
    for (const std::uint32_t index : slots)
      std::atomic_ref(kernel_.slot(index).generation).fetch_add(1);
    return;
  }
  if (made.error().kind == Error::Kind::gone)
    return;
  if (made.error().kind == Error::Kind::denied)
    return on_remark(process, made.error().text());
  if (slots.size() == 1)
    return unfit(process, file, slots.front());
  link(process, file, moment, slots.first(slots.size() / 2));
  link(process, file, moment, slots.subspan(slots.size() / 2));
}

void Armory::arm(Watched &process, File &file) {
  std::vector<std::uint32_t> calls, returns;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < file.sites.size(); ++i) {
    Site &site = file.sites[i];
    site.over |= site.most == 0 || unfit_.contains({file.loaded.object.get(), site.offset});
    if (site.over)
      continue;
    if (!has_slots(site.ends ? 2 : 1)) {
      site.over = true;
      ++left_out;
      continue;
    }
    calls.push_back(site.call_slot = take_slot(process, file, i, Moment::call));
    if (site.ends)
      returns.push_back(site.return_slot = take_slot(process, file, i, Moment::ret));
  }
  if (left_out > 0)
    on_remark(process, fmt::format("{}: calls of {} of its functions are not recorded: all {} places for uprobes are taken",
                                   file.loaded.path, left_out, owners_.size() - 1));
  link(process, file, Moment::ret, returns);
  link(process, file, Moment::call, calls);
}

void Armory::renew(Watched &process, File &file) {
  file.stale.reset();
  std::vector<Descriptor> old = std::exchange(file.links, {});
  std::vector<std::uint32_t> calls, returns;
  for (Site &site : file.sites) {
    if (site.over) {
      free_slots(site);
      continue;
    }
    if (site.call_slot)
      calls.push_back(site.call_slot);
    if (site.return_slot)
      returns.push_back(site.return_slot);
  }
  link(process, file, Moment::ret, returns);
  link(process, file, Moment::call, calls);
  closer_.close(std::move(old));
}

void Armory::disarm(File &file) {
  closer_.close(std::exchange(file.links, {}));
  for (Site &site : file.sites)
    free_slots(site);
}

void Armory::disarm(Watched &process) {
  for (const auto &file : process.files)
    disarm(*file);
}

std::uint64_t Armory::lost() {
  std::uint64_t all = lost_before_;
  for (std::uint32_t i = 1; i < next_; ++i)
    if (owners_[i].process)
      all += kernel_.slot(i).lost;
  return all - std::exchange(lost_told_, all);
}

} // namespace initorder::uprobes
