// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/x86_64.h"

#include "tracer/process/x86_64_decode.h"

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

std::optional<std::size_t> relocatable(std::span<const std::byte> code) {
  const auto decoded = decode(code);
  if (!decoded)
    return {};
  // Not what names an address by its distance, what jumps, or what enters the kernel.
  const ZydisDecodedInstruction &instruction = decoded->instruction;
  if (instruction.attributes & (ZYDIS_ATTRIB_IS_RELATIVE))
    return {};
  switch (instruction.meta.category) {
  case ZYDIS_CATEGORY_CALL:
  case ZYDIS_CATEGORY_RET:
  case ZYDIS_CATEGORY_UNCOND_BR:
  case ZYDIS_CATEGORY_COND_BR:
  case ZYDIS_CATEGORY_INTERRUPT:
  case ZYDIS_CATEGORY_SYSCALL:
  case ZYDIS_CATEGORY_SYSRET:
    return {};
  default:
    return instruction.length;
  }
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
