// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/x86_64.h"

#include "tracer/process/x86_64_decode.h"

#include <algorithm>
#include <utility>

namespace initorder::arch {

std::optional<std::uint64_t> argument(const Registers &r, unsigned index, const RemoteMemory &memory) {
  const std::array<std::uint64_t, 6> in_registers{r.rdi, r.rsi, r.rdx, r.rcx, r.r8, r.r9};
  if (index < in_registers.size())
    return in_registers[index];
  // Above the return address, eight bytes each.
  const auto value = read_object<std::uint64_t>(memory, sp(r) + 8 * (1 + index - in_registers.size()));
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<RemoteAddr> return_address(const Registers &registers, const RemoteMemory &memory) {
  const auto value = read_object<std::uint64_t>(memory, sp(registers));
  return value ? std::optional(RemoteAddr{*value}) : std::nullopt;
}

elf::UnwindRegisters unwind_registers(const Registers &r) {
  return {{r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14,
           r.r15, r.rip}};
}

static bool falls_through(const ZydisDecodedInstruction &instruction) {
  switch (instruction.meta.category) {
  case ZYDIS_CATEGORY_CALL:
  case ZYDIS_CATEGORY_RET:
  case ZYDIS_CATEGORY_UNCOND_BR:
  case ZYDIS_CATEGORY_COND_BR:
  case ZYDIS_CATEGORY_INTERRUPT:
  case ZYDIS_CATEGORY_SYSCALL:
  case ZYDIS_CATEGORY_SYSRET:
    return false;
  default:
    return true;
  }
}

/// Whether an operand, written or implied, is or is addressed by this 64-bit register or a part of it.
static bool uses(const Decoded &decoded, ZydisRegister which) {
  const auto is = [&](ZydisRegister part) {
    return ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, part) == which;
  };
  return std::any_of(decoded.operands.begin(), decoded.operands.begin() + decoded.instruction.operand_count,
                     [&](const ZydisDecodedOperand &operand) {
                       return (operand.type == ZYDIS_OPERAND_TYPE_REGISTER && is(operand.reg.value)) ||
                              (operand.type == ZYDIS_OPERAND_TYPE_MEMORY && (is(operand.mem.base) || is(operand.mem.index)));
                     });
}

/// The same with `base` for rip. The distance stays: behind the original it is counted from, and that is in `base`.
static bool encode_with_base(const Decoded &decoded, ZydisRegister base, Moved &out) {
  ZydisEncoderRequest request;
  if (!ZYAN_SUCCESS(ZydisEncoderDecodedInstructionToEncoderRequest(&decoded.instruction, decoded.operands.data(),
                                                                   decoded.instruction.operand_count_visible, &request)))
    return false;
  for (unsigned i = 0; i < request.operand_count; ++i)
    if (request.operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY && request.operands[i].mem.base == ZYDIS_REGISTER_RIP)
      request.operands[i].mem.base = base;
  ZyanUSize length = out.code.size();
  if (!ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, out.code.data(), &length)))
    return false;
  out.length = length;
  return true;
}

std::optional<Moved> moved(std::span<const std::byte> code) {
  const auto decoded = decode(code);
  if (!decoded || !falls_through(decoded->instruction))
    return {};
  Moved out{.length = decoded->instruction.length, .length_before = decoded->instruction.length};
  if (!(decoded->instruction.attributes & ZYDIS_ATTRIB_IS_RELATIVE)) {
    std::copy_n(code.begin(), out.length, out.code.begin());
    return out;
  }
  // Of those that need no REX prefix, which an instruction on ah and its like cannot have.
  static constexpr std::pair<ZydisRegister, unsigned long long Registers::*> kBases[] = {
      {ZYDIS_REGISTER_RBX, &Registers::rbx}, {ZYDIS_REGISTER_RSI, &Registers::rsi}, {ZYDIS_REGISTER_RDI, &Registers::rdi},
      {ZYDIS_REGISTER_RCX, &Registers::rcx}, {ZYDIS_REGISTER_RDX, &Registers::rdx}, {ZYDIS_REGISTER_RAX, &Registers::rax}};
  for (const auto &[name, slot] : kBases)
    if (!uses(*decoded, name)) {
      out.base = slot;
      return encode_with_base(*decoded, name, out) ? std::optional(out) : std::nullopt;
    }
  return {};
}

bool repeats(std::span<const std::byte> code) {
  const auto decoded = decode(code);
  return decoded && decoded->instruction.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE);
}

static std::optional<RemoteAddr> jump_target(const Decoded &decoded, RemoteAddr at) {
  ZyanU64 target = 0;
  if (!ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&decoded.instruction, decoded.operands.data(), number(at), &target)))
    return {};
  return RemoteAddr{target};
}

std::optional<RemoteAddr> slow_path(std::span<const std::byte> code, RemoteAddr function) {
  constexpr unsigned kMostInstructions = 8; // a fast path is short
  std::size_t offset = 0;
  for (unsigned count = 0; count < kMostInstructions && offset < code.size(); ++count) {
    const auto decoded = decode(code.subspan(offset));
    if (!decoded)
      return {};
    if (decoded->instruction.meta.category == ZYDIS_CATEGORY_COND_BR)
      return jump_target(*decoded, function + offset);
    offset += decoded->instruction.length;
  }
  return {};
}

bool is_runtime_stub(std::span<const std::byte> code) {
  auto decoded = decode(code);
  if (decoded && decoded->instruction.mnemonic == ZYDIS_MNEMONIC_ENDBR64) {
    code = code.subspan(decoded->instruction.length);
    decoded = decode(code);
  }
  if (!decoded)
    return false;
  if (decoded->instruction.mnemonic == ZYDIS_MNEMONIC_JMP)
    return true;
  // sub $8,%rsp; mov __gmon_start__(%rip),%rax
  const auto next = decode(code.subspan(decoded->instruction.length));
  return decoded->instruction.mnemonic == ZYDIS_MNEMONIC_SUB && next &&
         next->instruction.mnemonic == ZYDIS_MNEMONIC_MOV && next->instruction.attributes & ZYDIS_ATTRIB_IS_RELATIVE;
}

} // namespace initorder::arch
