// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/unwind.h"

#include "tracer/elf/bounded.h"
#include "tracer/elf/layout.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

// libunwind exports it without a declaration; so does perf (tools/perf/util/unwind-libunwind-local.c) use it.
extern "C" int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t *table,
                                                  unw_proc_info_t *found, int need_unwind_info, void *argument);

namespace initorder::elf {

namespace {

/// How many words one stack may need. A table that lies can make an expression run for ever.
constexpr unsigned kMostAccesses = 1'000'000;

/// The stack above a pointer, read in pieces as unwinding comes to it.
class StackWindow {
public:
  StackWindow(const RemoteMemory &memory, std::uint64_t from) : memory_(memory), begin_(from) { buffer().clear(); }

  std::optional<std::uint64_t> word(std::uint64_t address) {
    if (address < begin_ || address - begin_ >= kMost)
      return std::nullopt;
    const auto offset = static_cast<std::size_t>(address - begin_);
    while (offset + 8 > buffer().size() && !ended_)
      grow();
    return load<std::uint64_t>({reinterpret_cast<const char *>(buffer().data()), buffer().size()}, offset);
  }

private:
  static constexpr std::size_t kFirst = 16 << 10, kMost = 1 << 20; ///< beyond, word by word
  /// Kept from stack to stack: asking for memory and clearing it costs more than reading it.
  static std::vector<std::byte> &buffer() {
    static thread_local std::vector<std::byte> kept;
    return kept;
  }
  void grow() {
    auto &bytes = buffer();
    const auto had = bytes.size(), wanted = std::max(kFirst, had);
    bytes.resize(had + wanted);
    const auto got = memory_.read_some(RemoteAddr{begin_ + had}, std::span(bytes).subspan(had));
    bytes.resize(had + std::min(got, wanted));
    ended_ = got < wanted;
  }

  const RemoteMemory &memory_;
  std::uint64_t begin_;
  bool ended_ = false;
};

/// What libunwind's accessors are called with.
struct Walk {
  const Placement &layout;
  const UnwindRegisters &registers;
  const RemoteMemory &memory;
  StackWindow stack;
  const Placed *last = nullptr; ///< where the last constant word was
  unsigned accesses = 0;
  bool without_table = false; ///< the frame at hand: libunwind will guess

  const Placed *at(std::uint64_t address) {
    if (!last || address < last->begin || address >= last->end)
      last = layout.at(address);
    return last;
  }

  std::optional<std::uint64_t> word(std::uint64_t address) {
    if (++accesses > kMostAccesses)
      return std::nullopt;
    if (const auto found = stack.word(address))
      return found;
    if (const auto *place = at(address); place && !place->constant.empty())
      return load<std::uint64_t>(place->constant, address - place->begin);
    const auto read = read_object<std::uint64_t>(memory, RemoteAddr{address});
    return read ? std::optional(*read) : std::nullopt;
  }
};

/// Finds the table of the object at `ip`. Only the kind of table that linkers write is known (.eh_frame_hdr, LSB 5:
/// version 1, sorted, pairs of 32-bit offsets from its own beginning).
int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *found, int need_unwind_info,
                   void *argument) noexcept {
  auto &walk = *static_cast<Walk *>(argument);
  walk.without_table = true;
  const Placed *place = walk.layout.at(ip);
  if (!place)
    return -UNW_ENOINFO;
  const auto &object = *place->object->object;
  const auto header = object.eh_frame_hdr();
  const auto head = header ? object.bytes(*header, 12) : std::string_view();
  constexpr unsigned char kVersion = 1, kPcRelative = 0x1b, kCount = 0x03, kTable = 0x3b; // DW_EH_PE_*
  if (head.empty() || head[0] != kVersion || head[1] != kPcRelative || head[2] != kCount || head[3] != kTable)
    return -UNW_ENOINFO;
  const std::uint64_t rows = *load<std::uint32_t>(head, 8);
  if (object.bytes(*header, 12 + rows * 8).empty())
    return -UNW_ENOINFO;
  unw_dyn_info_t table{};
  table.start_ip = place->begin;
  table.end_ip = place->end;
  table.format = UNW_INFO_FORMAT_REMOTE_TABLE;
  table.u.rti.segbase = number(at(*header, place->object->bias));
  table.u.rti.table_data = table.u.rti.segbase + 12;
  table.u.rti.table_len = rows * 8 / sizeof(unw_word_t);
  const int result = UNW_OBJ(dwarf_search_unwind_table)(space, ip, &table, found, need_unwind_info, argument);
  walk.without_table = result < 0;
  return result;
}

int access_mem(unw_addr_space_t, unw_word_t address, unw_word_t *value, int write, void *argument) noexcept {
  const auto found = write ? std::nullopt : static_cast<Walk *>(argument)->word(address);
  if (!found)
    return -UNW_EINVAL;
  *value = *found;
  return 0;
}

int access_reg(unw_addr_space_t, unw_regnum_t which, unw_word_t *value, int write, void *argument) noexcept {
  const auto &known = static_cast<Walk *>(argument)->registers.value;
  if (write || which < 0 || static_cast<std::size_t>(which) >= known.size())
    return -UNW_EBADREG;
  *value = known[static_cast<std::size_t>(which)];
  return 0;
}

void put_unwind_info(unw_addr_space_t, unw_proc_info_t *, void *) noexcept {}
int no_dynamic_list(unw_addr_space_t, unw_word_t *, void *) noexcept {
  return -UNW_ENOINFO;
}
int no_fpreg(unw_addr_space_t, unw_regnum_t, unw_fpreg_t *, int, void *) noexcept {
  return -UNW_EBADREG;
}
int no_resume(unw_addr_space_t, unw_cursor_t *, void *) noexcept {
  return -UNW_EINVAL;
}
int no_name(unw_addr_space_t, unw_word_t, char *, std::size_t, unw_word_t *, void *) noexcept {
  return -UNW_ENOINFO;
}

} // namespace

AddressSpace make_address_space() {
  static unw_accessors_t accessors{.find_proc_info = find_proc_info,
                                   .put_unwind_info = put_unwind_info,
                                   .get_dyn_info_list_addr = no_dynamic_list,
                                   .access_mem = access_mem,
                                   .access_reg = access_reg,
                                   .access_fpreg = no_fpreg,
                                   .resume = no_resume,
                                   .get_proc_name = no_name};
  AddressSpace out(unw_create_addr_space(&accessors, 0), AddressSpaceEnd());
  unw_set_caching_policy(out.get(), UNW_CACHE_GLOBAL);
  unw_set_cache_size(out.get(), 1024, 0);
  return out;
}

std::vector<RemoteAddr> Layout::stack(const UnwindRegisters &from, const RemoteMemory &memory, unsigned limit) const {
  std::vector<RemoteAddr> out;
  if (limit == 0)
    return out;
  out.push_back(RemoteAddr{from.pc()});
  // A leaf function keeps what it likes in the 128 bytes below its stack pointer (x86-64 psABI, "red zone").
  Walk walk{.layout = *parts_, .registers = from, .memory = memory, .stack{memory, from.sp() - 128}};
  unw_cursor_t cursor;
  if (unw_init_remote(&cursor, parts_->space.get(), &walk) != 0)
    return out;
  while (out.size() < limit) {
    walk.without_table = false;
    unw_cursor_t before = cursor;
    unw_word_t pc = 0;
    if (unw_step(&cursor) <= 0 || unw_get_reg(&cursor, UNW_REG_IP, &pc) != 0 || pc == 0)
      break;
    // Where there is no table libunwind follows rbp, which may hold anything. A signal's frame it knows by its code.
    if (walk.without_table && unw_is_signal_frame(&before) <= 0)
      break;
    out.push_back(RemoteAddr{pc});
  }
  return out;
}

} // namespace initorder::elf
