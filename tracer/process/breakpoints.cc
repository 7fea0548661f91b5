// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/breakpoints.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace initorder {

Breakpoints::Breakpoints(const Breakpoints &parent, pid_t child)
    : pid_(child), thread_(child), ledger_(parent.ledger_), sites_(parent.sites_), taken_away_(parent.taken_away_) {
  for (auto &[address, site] : sites_)
    site.noted = ledger_.note(pid_, RemoteAddr{address}, site.code[0]);
  for (auto &[address, taken] : taken_away_)
    taken.noted = ledger_.note(pid_, RemoteAddr{address}, taken.code);
  // What the ledger has no room for must not be there.
  std::erase_if(sites_, [&](const auto &site) {
    return site.second.noted == CodeLedger::kFull && write_code(RemoteAddr{site.first}, std::span(site.second.code).first(1));
  });
}

Breakpoints::~Breakpoints() {
  for (const auto &[address, site] : sites_)
    ledger_.forget(site.noted);
  for (const auto &[address, taken] : taken_away_)
    ledger_.forget(taken.noted);
  if (file_ >= 0)
    close(file_);
}

int Breakpoints::code_file() {
  if (file_ < 0)
    file_ = open(("/proc/" + std::to_string(thread_) + "/mem").c_str(), O_RDWR | O_CLOEXEC);
  return file_;
}

bool Breakpoints::read_code(RemoteAddr from, std::span<std::byte> code) {
  const auto got = pread(code_file(), code.data(), code.size(), static_cast<off_t>(number(from)));
  return got == static_cast<ssize_t>(code.size());
}

bool Breakpoints::write_code(RemoteAddr to, std::span<const std::byte> code) {
  const auto written = pwrite(code_file(), code.data(), code.size(), static_cast<off_t>(number(to)));
  return written == static_cast<ssize_t>(code.size());
}

Breakpoints::Site *Breakpoints::insert(RemoteAddr at) {
  if (const auto found = sites_.find(number(at)); found != sites_.end())
    return &found->second;
  Site site;
  const auto got = pread(code_file(), site.code.data(), site.code.size(), static_cast<off_t>(number(at)));
  if (got <= 0 || site.code[0] == arch::kBreakpoint)
    return nullptr;
  site.noted = ledger_.note(pid_, at, site.code[0]);
  if (site.noted == CodeLedger::kFull || !write_code(at, std::span(&arch::kBreakpoint, 1))) {
    ledger_.forget(site.noted);
    return nullptr;
  }
  return &sites_.emplace(number(at), site).first->second;
}

void Breakpoints::take_away(std::uint64_t address, const Site &site) {
  lift(RemoteAddr{address});
  ledger_.forget(site.noted);
  if (const auto before = taken_away_.find(address); before != taken_away_.end())
    ledger_.forget(before->second.noted);
  taken_away_[address] = {site.code[0], CodeLedger::kFull};
}

void Breakpoints::hand_over(pid_t other) {
  pid_ = thread_ = other;
  for (const auto &[address, site] : sites_)
    ledger_.hand_over(site.noted, other);
  for (const auto &[address, taken] : taken_away_)
    ledger_.hand_over(taken.noted, other);
}

void Breakpoints::put_again() {
  for (const auto &[address, site] : sites_)
    lower(RemoteAddr{address});
}

bool Breakpoints::add(RemoteAddr at, const Purpose &purpose) {
  Site *site = insert(at);
  if (site && std::find(site->purposes.begin(), site->purposes.end(), purpose) == site->purposes.end())
    site->purposes.push_back(purpose);
  return site;
}

bool Breakpoints::add_return(RemoteAddr at) {
  Site *site = insert(at);
  if (site)
    ++site->returns;
  return site;
}

void Breakpoints::drop_if_unwanted(RemoteAddr at) {
  const auto found = sites_.find(number(at));
  if (found == sites_.end() || found->second.wanted())
    return;
  take_away(number(at), found->second);
  sites_.erase(found);
}

void Breakpoints::remove(RemoteAddr at, const Purpose &purpose) {
  if (const auto found = sites_.find(number(at)); found != sites_.end())
    std::erase(found->second.purposes, purpose);
  drop_if_unwanted(at);
}

void Breakpoints::remove_return(RemoteAddr at) {
  if (const auto found = sites_.find(number(at)); found != sites_.end() && found->second.returns > 0)
    --found->second.returns;
  drop_if_unwanted(at);
}

void Breakpoints::forget(RemoteAddr begin, RemoteAddr end) {
  const auto within = [&](const auto &site) {
    const bool is = site.first >= number(begin) && site.first < number(end);
    if (is)
      ledger_.forget(site.second.noted);
    return is;
  };
  std::erase_if(sites_, within);
  std::erase_if(taken_away_, within);
}

void Breakpoints::remove_all() {
  for (const auto &[address, code] : taken_away_)
    was_at(RemoteAddr{address});
  for (const auto &[address, site] : sites_)
    take_away(address, site);
  sites_.clear();
}

const Breakpoints::Site *Breakpoints::at(RemoteAddr address) const {
  const auto found = sites_.find(number(address));
  return found == sites_.end() ? nullptr : &found->second;
}

bool Breakpoints::was_at(RemoteAddr address) {
  const auto known = taken_away_.find(number(address));
  if (known == taken_away_.end() || sites_.contains(number(address)))
    return false;
  std::byte there{};
  if (read_code(address, std::span(&there, 1)) && there == arch::kBreakpoint)
    write_code(address, std::span(&known->second.code, 1));
  ledger_.forget(std::exchange(known->second.noted, CodeLedger::kFull));
  return true;
}

void Breakpoints::lift(RemoteAddr at) {
  if (const Site *site = this->at(at))
    write_code(at, std::span(site->code).first(1));
}

void Breakpoints::lower(RemoteAddr at) { write_code(at, std::span(&arch::kBreakpoint, 1)); }

Breakpoints::Borrowed::Borrowed(Breakpoints &breakpoints, RemoteAddr at, std::span<const std::byte> own)
    : ledger_(breakpoints.ledger_) {
  for (std::size_t i = 0; i < own.size(); ++i)
    slots_.push_back(ledger_.note(breakpoints.pid_, at + i, own[i], CodeLedger::Of::borrowed_place));
}

Breakpoints::Borrowed::~Borrowed() {
  for (const CodeLedger::Slot slot : slots_)
    ledger_.forget(slot);
}

} // namespace initorder
