// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/debug_info.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <tuple>

#include <fcntl.h>
#include <unistd.h>

namespace initorder::elf {

namespace {

/// Whether there is a file where .gnu_debuglink may mean one (gdb's manual, "Debugging Information in Separate Files").
/// A link is a name: one with folders in it could lead anywhere.
bool has_linked_file(const std::filesystem::path &object, const char *link) {
  if (!link || std::string_view(link).find('/') != std::string_view::npos || !object.is_absolute())
    return false;
  const auto folder = object.parent_path();
  const std::filesystem::path places[] = {folder / link, folder / ".debug" / link,
                                          "/usr/lib/debug" / folder.relative_path() / link};
  return std::any_of(std::begin(places), std::end(places),
                     [&](const auto &place) { return place != object && ::access(place.c_str(), R_OK) == 0; });
}

/// By build-id, then by .gnu_debuglink, then debuginfod if the user has named servers. The last two are left to
/// dwfl_standard_find_debuginfo(), which loads libdebuginfod with curl and more (10 ms) even if there are no servers.
int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, const char *file,
                   const char *link, GElf_Word crc, char **found) noexcept {
  const char *servers = std::getenv("DEBUGINFOD_URLS");
  if ((servers && *servers) || has_linked_file(file ? file : "", link))
    return dwfl_standard_find_debuginfo(module, data, name, base, file, link, crc, found);
  return dwfl_build_id_find_debuginfo(module, data, name, base, file, link, crc, found);
}

const Dwfl_Callbacks kOffline{.find_elf = nullptr,
                              .find_debuginfo = find_debuginfo,
                              .section_address = dwfl_offline_section_address,
                              .debuginfo_path = nullptr};

/// A global name before a weak before a static one, fewer underscores before more: pthread_create, not
/// __pthread_create.
unsigned rank_of(const GElf_Sym &symbol, std::string_view name) {
  const auto bind = GELF_ST_BIND(symbol.st_info);
  const unsigned by_bind = bind == STB_GLOBAL ? 0 : bind == STB_WEAK ? 1 : 2;
  const auto underscores = std::min(name.find_first_not_of('_'), std::size_t{15});
  return static_cast<unsigned>(underscores) * 4 + by_bind;
}

/// .symtab writes versions into names: "pthread_create@@GLIBC_2.34".
std::string_view without_version(std::string_view name) {
  return name.substr(0, name.find('@'));
}

} // namespace

DebugInfo::DebugInfo(int descriptor, const std::string &name) : dwfl_(dwfl_begin(&kOffline)) {
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (!dwfl_ || own < 0)
    return;
  dwfl_report_begin(dwfl_.get());
  // At address 0, so that what it calls an address is a FileAddr. Takes the descriptor, if all goes well.
  module_ = dwfl_report_elf(dwfl_.get(), name.c_str(), name.c_str(), own, 0, true);
  if (!module_)
    ::close(own);
  dwfl_report_end(dwfl_.get(), nullptr, nullptr);
  if (module_)
    read_functions();
}

void DebugInfo::read_functions() {
  const int count = dwfl_module_getsymtab(module_);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr address;
    GElf_Word section;
    const char *name = dwfl_module_getsym_info(module_, i, &symbol, &address, &section, nullptr, nullptr);
    const auto type = GELF_ST_TYPE(symbol.st_info);
    if (!name || *name == '\0' || section == SHN_UNDEF || symbol.st_size == 0 || address + symbol.st_size < address ||
        (type != STT_FUNC && type != STT_GNU_IFUNC))
      continue;
    functions_.push_back({address, address + symbol.st_size, 0, name, rank_of(symbol, name)});
  }
  std::sort(functions_.begin(), functions_.end(), [](const Function &a, const Function &b) {
    return std::tie(a.begin, a.rank, a.name) < std::tie(b.begin, b.rank, b.name);
  });
  std::uint64_t reach = 0;
  for (auto &function : functions_)
    function.reach = reach = std::max(reach, function.end);
}

std::optional<Symbol> DebugInfo::function_at(FileAddr address) const {
  const auto value = number(address);
  auto next = std::upper_bound(functions_.begin(), functions_.end(), value,
                               [](std::uint64_t value, const Function &f) { return value < f.begin; });
  const Function *found = nullptr;
  // Backwards: the innermost of nested functions, and of several names for it the first.
  while (next != functions_.begin()) {
    const Function &one = *--next;
    if (one.reach <= value || (found && one.begin != found->begin))
      break;
    if (value < one.end)
      found = &one;
  }
  if (!found)
    return std::nullopt;
  return Symbol{std::string(without_version(found->name)), FileAddr{found->begin}, found->end - found->begin};
}

std::optional<Symbol> DebugInfo::find(std::string_view name) const {
  const Function *found = nullptr;
  for (const auto &one : functions_) {
    if (without_version(one.name) != name)
      continue;
    if (found && found->begin != one.begin)
      return std::nullopt;
    found = &one;
  }
  return found ? std::optional(Symbol{std::string(name), FileAddr{found->begin}, found->end - found->begin})
               : std::nullopt;
}

std::optional<SourcePlace> DebugInfo::source_at(FileAddr address) const {
  Dwfl_Line *row = module_ ? dwfl_module_getsrc(module_, number(address)) : nullptr;
  int line = 0, column = 0;
  const char *file = row ? dwfl_lineinfo(row, nullptr, &line, &column, nullptr, nullptr) : nullptr;
  if (!file || line <= 0)
    return std::nullopt;
  return SourcePlace{file, static_cast<unsigned>(line), static_cast<unsigned>(std::max(column, 0))};
}

} // namespace initorder::elf
