// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/read_code.h"

#include "tracer/process/x86_64_decode.h"

#include <algorithm>
#include <map>

namespace initorder::inspect {
namespace {

class Reader {
public:
  Reader(const Image &image, const elf::Loaded &loaded) : image_(image), loaded_(loaded) {}

  CodeRead read(FileAddr function, std::size_t size) {
    const FileAddr begin = behind_jump(function);
    const auto all = code_at(begin);
    const auto code = begin == function ? all.first(std::min(all.size(), size)) : all;
    std::size_t furthest = 0;
    for (std::size_t done = 0; done < code.size();) {
      const auto decoded = arch::decode(code.subspan(done));
      if (!decoded)
        break;
      take(*decoded, number(at(begin, loaded_.bias)) + done);
      furthest = std::max(furthest, jumps_to(*decoded, done));
      done += decoded->instruction.length;
      // Behind a return to which no branch leads another function begins.
      const auto category = decoded->instruction.meta.category;
      if ((category == ZYDIS_CATEGORY_RET || category == ZYDIS_CATEGORY_UNCOND_BR) && done > furthest)
        break;
    }
    std::ranges::sort(out_.references);
    const auto rest = std::ranges::unique(out_.references);
    out_.references.erase(rest.begin(), rest.end());
    return std::move(out_);
  }

  std::optional<RemoteAddr> called_from(RemoteAddr return_address) const {
    constexpr std::uint64_t direct = 5, through_slot = 6; // e8 rel32; ff 15 rel32
    for (const std::uint64_t length : {direct, through_slot}) {
      const auto code = code_at(in_file(return_address + (0 - length), loaded_.bias));
      const auto decoded = arch::decode(code);
      if (!decoded || decoded->instruction.length != length || decoded->instruction.mnemonic != ZYDIS_MNEMONIC_CALL)
        continue;
      const Operand &operand = decoded->operands[0];
      if (operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
        return behind_plt(number(return_address) + operand.imm.value.u);
      if (const auto slot = rip_relative(*decoded, operand, number(return_address) - length))
        return pointer_at(*slot);
    }
    return std::nullopt;
  }

private:
  using Operand = ZydisDecodedOperand;

  /// How far into the function a branch forward leads; 0: none does.
  static std::size_t jumps_to(const arch::Decoded &decoded, std::size_t at) {
    const auto category = decoded.instruction.meta.category;
    const Operand &operand = decoded.operands[0];
    if ((category != ZYDIS_CATEGORY_COND_BR && category != ZYDIS_CATEGORY_UNCOND_BR) ||
        operand.type != ZYDIS_OPERAND_TYPE_IMMEDIATE || operand.imm.value.s < 0 || operand.imm.value.u > kMostBytesOfCode)
      return 0;
    return at + decoded.instruction.length + operand.imm.value.u;
  }

  std::span<const std::byte> code_at(FileAddr begin) const {
    std::string_view bytes;
    for (const elf::Segment &segment : loaded_.object->segments())
      if (segment.executable && begin >= segment.begin && number(begin) - number(segment.begin) < segment.bytes.size())
        bytes = segment.bytes.substr(number(begin) - number(segment.begin), kMostBytesOfCode);
    return std::as_bytes(std::span(bytes.data(), bytes.size()));
  }

  FileAddr behind_jump(FileAddr begin) const {
    constexpr int most = 4;
    for (int i = 0; i < most; ++i) {
      const auto code = code_at(begin);
      std::size_t skipped = 0;
      auto decoded = arch::decode(code);
      if (decoded && decoded->instruction.mnemonic == ZYDIS_MNEMONIC_ENDBR64) {
        skipped = decoded->instruction.length;
        decoded = arch::decode(code.subspan(skipped));
      }
      const Operand &operand = decoded ? decoded->operands[0] : Operand();
      if (!decoded || decoded->instruction.mnemonic != ZYDIS_MNEMONIC_JMP || operand.type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
        break;
      begin = FileAddr{number(begin) + skipped + decoded->instruction.length + operand.imm.value.u};
    }
    return begin;
  }

  void take(const arch::Decoded &decoded, std::uint64_t at) {
    const auto &instruction = decoded.instruction;
    for (unsigned i = 0; i < instruction.operand_count; ++i)
      if (const auto address = rip_relative(decoded, decoded.operands[i], at))
        out_.references.push_back(RemoteAddr{*address});
    if (const Operand &from = decoded.operands[1];
        instruction.mnemonic == ZYDIS_MNEMONIC_MOV && from.type == ZYDIS_OPERAND_TYPE_MEMORY && from.size == 64 &&
        from.mem.base != ZYDIS_REGISTER_NONE && from.mem.base != ZYDIS_REGISTER_RIP &&
        from.mem.base != ZYDIS_REGISTER_RSP && from.mem.base != ZYDIS_REGISTER_RBP &&
        from.mem.index == ZYDIS_REGISTER_NONE && from.mem.disp.value > 0)
      out_.fields.push_back(static_cast<std::uint64_t>(from.mem.disp.value));
    const bool is_jump = instruction.meta.category == ZYDIS_CATEGORY_UNCOND_BR;
    if (instruction.meta.category == ZYDIS_CATEGORY_CALL || is_jump) {
      call(decoded, at);
      if (is_jump)
        known_.clear(); // what follows is reached from elsewhere
      for (const ZydisRegister clobbered : {ZYDIS_REGISTER_RAX, ZYDIS_REGISTER_RCX, ZYDIS_REGISTER_RDX, ZYDIS_REGISTER_RSI,
                                            ZYDIS_REGISTER_RDI, ZYDIS_REGISTER_R8, ZYDIS_REGISTER_R9, ZYDIS_REGISTER_R10,
                                            ZYDIS_REGISTER_R11})
        known_.erase(clobbered);
      return;
    }
    if (instruction.meta.category == ZYDIS_CATEGORY_RET)
      return known_.clear();
    const auto result = result_of(decoded, at);
    for (unsigned i = 0; i < instruction.operand_count; ++i) {
      const Operand &operand = decoded.operands[i];
      if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER && (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0)
        known_.erase(whole(operand.reg.value));
    }
    if (result)
      known_[whole(decoded.operands[0].reg.value)] = *result;
  }

  /// What the first operand, a register, holds after it.
  std::optional<std::uint64_t> result_of(const arch::Decoded &decoded, std::uint64_t at) const {
    const Operand &to = decoded.operands[0], &from = decoded.operands[1];
    const auto mnemonic = decoded.instruction.mnemonic;
    if (to.type != ZYDIS_OPERAND_TYPE_REGISTER || to.size != 64)
      return std::nullopt;
    if (mnemonic == ZYDIS_MNEMONIC_LEA)
      return address_of(decoded, from, at);
    if (mnemonic != ZYDIS_MNEMONIC_MOV)
      return std::nullopt;
    if (from.type == ZYDIS_OPERAND_TYPE_REGISTER)
      return content(from.reg.value);
    const auto address = from.type == ZYDIS_OPERAND_TYPE_MEMORY ? rip_relative(decoded, from, at) : std::nullopt;
    // From the global offset table.
    const auto read = address ? read_object<std::uint64_t>(image_.memory(), RemoteAddr{*address})
                              : Result<std::uint64_t>(std::uint64_t{0});
    return address && read ? std::optional(*read) : std::nullopt;
  }

  std::optional<std::uint64_t> rip_relative(const arch::Decoded &decoded, const Operand &operand, std::uint64_t at) const {
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.base != ZYDIS_REGISTER_RIP ||
        operand.mem.index != ZYDIS_REGISTER_NONE)
      return std::nullopt;
    return at + decoded.instruction.length + static_cast<std::uint64_t>(operand.mem.disp.value);
  }

  std::optional<std::uint64_t> address_of(const arch::Decoded &decoded, const Operand &operand, std::uint64_t at) const {
    if (const auto address = rip_relative(decoded, operand, at))
      return address;
    if (operand.mem.index != ZYDIS_REGISTER_NONE)
      return std::nullopt;
    const auto base = content(operand.mem.base);
    return base ? std::optional(*base + static_cast<std::uint64_t>(operand.mem.disp.value)) : std::nullopt;
  }

  void call(const arch::Decoded &decoded, std::uint64_t at) {
    const Operand &operand = decoded.operands[0];
    SeenCall seen;
    if (operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
      seen.target = behind_plt(at + decoded.instruction.length + operand.imm.value.u);
    else if (const auto slot = rip_relative(decoded, operand, at)) // call [rip+x]: -fno-plt
      seen.target = pointer_at(*slot);
    if (seen.target == RemoteAddr{})
      return;
    constexpr std::array registers{ZYDIS_REGISTER_RDI, ZYDIS_REGISTER_RSI, ZYDIS_REGISTER_RDX,
                                   ZYDIS_REGISTER_RCX, ZYDIS_REGISTER_R8,  ZYDIS_REGISTER_R9};
    for (std::size_t i = 0; i < registers.size(); ++i)
      seen.arguments[i] = content(registers[i]);
    out_.calls.push_back(seen);
  }

  /// A PLT entry is a jump through the global offset table, perhaps behind endbr64.
  RemoteAddr behind_plt(std::uint64_t target) const {
    const auto code = code_at(in_file(RemoteAddr{target}, loaded_.bias));
    std::size_t skipped = 0;
    auto decoded = arch::decode(code);
    if (decoded && decoded->instruction.mnemonic == ZYDIS_MNEMONIC_ENDBR64) {
      skipped = decoded->instruction.length;
      decoded = arch::decode(code.subspan(skipped));
    }
    if (!decoded || decoded->instruction.mnemonic != ZYDIS_MNEMONIC_JMP)
      return RemoteAddr{target};
    const auto slot = rip_relative(*decoded, decoded->operands[0], target + skipped);
    return slot ? pointer_at(*slot) : RemoteAddr{target};
  }

  RemoteAddr pointer_at(std::uint64_t address) const {
    const auto read = read_object<std::uint64_t>(image_.memory(), RemoteAddr{address});
    return RemoteAddr{read ? *read : 0};
  }

  static ZydisRegister whole(ZydisRegister part) {
    return ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, part);
  }
  std::optional<std::uint64_t> content(ZydisRegister which) const {
    const auto found = known_.find(which);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
  }

  const Image &image_;
  const elf::Loaded &loaded_;
  CodeRead out_;
  std::map<ZydisRegister, std::uint64_t> known_; ///< 64-bit registers
};

} // namespace

CodeRead read_code(const Image &image, const elf::Loaded &loaded, FileAddr begin, std::size_t size) {
  if (!loaded.object)
    return {};
  return Reader(image, loaded).read(begin, size);
}

std::optional<RemoteAddr> called_from(const Image &image, RemoteAddr return_address) {
  const elf::Loaded *loaded = image.layout().at(return_address);
  if (!loaded || !loaded->object)
    return std::nullopt;
  return Reader(image, *loaded).called_from(return_address);
}

} // namespace initorder::inspect
