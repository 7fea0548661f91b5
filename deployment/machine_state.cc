// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/machine_state.h"

namespace initorder::deployment {

void MachineState::forget_after_call() {
  for (const unsigned number : {0u, 1u, 2u, 6u, 7u, 8u, 9u, 10u, 11u})
    registers[number] = {};
  compared.reset();
  rows = 0;
}

std::optional<bool> MachineState::takes(ZydisMnemonic conditional) const {
  if (!compared)
    return std::nullopt;
  const auto [left, right] = *compared;
  const auto unsigned_left = static_cast<std::uint32_t>(left), unsigned_right = static_cast<std::uint32_t>(right);
  switch (conditional) {
  case ZYDIS_MNEMONIC_JZ:
  case ZYDIS_MNEMONIC_SETZ:
  case ZYDIS_MNEMONIC_CMOVZ:
    return left == right;
  case ZYDIS_MNEMONIC_JNZ:
  case ZYDIS_MNEMONIC_SETNZ:
  case ZYDIS_MNEMONIC_CMOVNZ:
    return left != right;
  case ZYDIS_MNEMONIC_JL:
  case ZYDIS_MNEMONIC_SETL:
  case ZYDIS_MNEMONIC_CMOVL:
    return left < right;
  case ZYDIS_MNEMONIC_JLE:
  case ZYDIS_MNEMONIC_SETLE:
  case ZYDIS_MNEMONIC_CMOVLE:
    return left <= right;
  case ZYDIS_MNEMONIC_JNL:
  case ZYDIS_MNEMONIC_SETNL:
  case ZYDIS_MNEMONIC_CMOVNL:
    return left >= right;
  case ZYDIS_MNEMONIC_JNLE:
  case ZYDIS_MNEMONIC_SETNLE:
  case ZYDIS_MNEMONIC_CMOVNLE:
    return left > right;
  case ZYDIS_MNEMONIC_JB:
  case ZYDIS_MNEMONIC_SETB:
  case ZYDIS_MNEMONIC_CMOVB:
    return unsigned_left < unsigned_right;
  case ZYDIS_MNEMONIC_JBE:
  case ZYDIS_MNEMONIC_SETBE:
  case ZYDIS_MNEMONIC_CMOVBE:
    return unsigned_left <= unsigned_right;
  case ZYDIS_MNEMONIC_JNB:
  case ZYDIS_MNEMONIC_SETNB:
  case ZYDIS_MNEMONIC_CMOVNB:
    return unsigned_left >= unsigned_right;
  case ZYDIS_MNEMONIC_JNBE:
  case ZYDIS_MNEMONIC_SETNBE:
  case ZYDIS_MNEMONIC_CMOVNBE:
    return unsigned_left > unsigned_right;
  case ZYDIS_MNEMONIC_JS:
  case ZYDIS_MNEMONIC_SETS:
  case ZYDIS_MNEMONIC_CMOVS:
    return right == 0 ? std::optional(left < 0) : std::nullopt;
  case ZYDIS_MNEMONIC_JNS:
  case ZYDIS_MNEMONIC_SETNS:
  case ZYDIS_MNEMONIC_CMOVNS:
    return right == 0 ? std::optional(left >= 0) : std::nullopt;
  default:
    return std::nullopt;
  }
}

std::optional<unsigned> register_number(ZydisRegister name) {
  const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, name);
  if (whole < ZYDIS_REGISTER_RAX || whole > ZYDIS_REGISTER_R15)
    return std::nullopt;
  return static_cast<unsigned>(whole - ZYDIS_REGISTER_RAX);
}

} // namespace initorder::deployment
