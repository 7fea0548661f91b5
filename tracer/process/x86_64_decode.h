// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One decoded x86-64 instruction. Only x86_64*.cc include this.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include <Zydis/Zydis.h>

namespace initorder::arch {

struct Decoded {
  ZydisDecodedInstruction instruction;
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
};

inline std::optional<Decoded> decode(std::span<const std::byte> code) {
  static const ZydisDecoder decoder = [] {
    ZydisDecoder made;
    ZydisDecoderInit(&made, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    // Else endbr64 is a nop with operands.
    ZydisDecoderEnableMode(&made, ZYDIS_DECODER_MODE_CET, ZYAN_TRUE);
    return made;
  }();
  Decoded out;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data(), code.size(), &out.instruction, out.operands.data())))
    return {};
  return out;
}

} // namespace initorder::arch
