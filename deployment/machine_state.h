// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of registers on one way through a function's code: numbers, addresses, and the last comparison.
#pragma once

#include "tracer/address.h"

#include <Zydis/Zydis.h>

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace initorder::deployment {

/// What a register holds, or an argument.
struct MachineValue {
  enum class Kind : std::uint8_t {
    unknown,
    number,
    own_address,
    import_address,
    table_row,   ///< any row of a switch's table, at `number`
    table_target ///< where such a row leads
  };
  Kind kind = Kind::unknown;
  std::uint8_t bits = 64;             ///< of the number that are known, from the lowest; it is extended by its sign
  std::int64_t number = 0;            ///< or the address in the object
  const std::string *import = nullptr; ///< the symbol of another object
  bool is_read_through = false;        ///< an address that code has got for what stands there

  friend auto operator<=>(const MachineValue &, const MachineValue &) = default;
};

inline MachineValue a_number(std::int64_t number) {
  return {MachineValue::Kind::number, 64, number, nullptr};
}

/// The registers that a call passes arguments in (System V ABI), by their place in MachineState::registers.
inline constexpr std::array<unsigned, 6> kArgumentRegisters{7, 6, 2, 1, 8, 9}; // rdi rsi rdx rcx r8 r9

struct MachineState {
  std::array<MachineValue, 16> registers{};
  struct Comparison {
    std::int32_t left = 0, right = 0;
    friend auto operator<=>(const Comparison &, const Comparison &) = default;
  };
  std::optional<Comparison> compared;
  std::uint16_t rows = 0; ///< of a switch that the last comparison bounds; 0: none

  /// After a call: what the callee need not keep is lost.
  void forget_after_call();
  /// Whether a conditional jump is taken, a setcc sets, a cmovcc moves; none: not known.
  std::optional<bool> takes(ZydisMnemonic conditional) const;

  friend auto operator<=>(const MachineState &, const MachineState &) = default;
};

/// The register's number; none: none of the sixteen.
std::optional<unsigned> register_number(ZydisRegister name);

} // namespace initorder::deployment
