// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/machine_steps.h"

namespace initorder::deployment {

namespace {

constexpr std::int64_t kMostRows = 512; ///< of a switch's table

bool is_high_byte(ZydisRegister name) { return name >= ZYDIS_REGISTER_AH && name <= ZYDIS_REGISTER_BH; }

/// The lowest bits, extended by their sign.
MachineValue sized(std::int64_t number, unsigned bits) {
  const unsigned lost = bits < 64 ? 64 - bits : 0;
  return a_number(static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << lost) >> lost);
}

MachineValue an_address(std::int64_t address) {
  return {MachineValue::Kind::own_address, 64, address, nullptr};
}

/// cmp $7, %eax; ja: a switch over the numbers 0 to 7 that nobody knows. 0: nothing of the kind.
std::uint16_t rows_asked(const Instruction &instruction, const MachineValue &left, const MachineValue &right) {
  const bool is_bound = instruction.head.mnemonic == ZYDIS_MNEMONIC_CMP && left.kind == MachineValue::Kind::unknown &&
                        right.kind == MachineValue::Kind::number && right.number > 0 && right.number < kMostRows;
  return is_bound ? static_cast<std::uint16_t>(right.number + 1) : 0;
}

/// A row of a switch's table and the table, or a distance and an address.
MachineValue sum_of(const MachineValue &left, const MachineValue &right) {
  using Kind = MachineValue::Kind;
  if (left.kind == Kind::own_address && right.kind != Kind::own_address)
    return sum_of(right, left);
  if (right.kind != Kind::own_address)
    return {};
  if (left.kind == Kind::table_row && left.number == right.number)
    return {Kind::table_target, 64, left.number, nullptr};
  return left.kind == Kind::number && left.bits == 64 ? an_address(left.number + right.number) : MachineValue{};
}

class Steps {
public:
  Steps(const CodeReader &reader, const CodeFacts &facts) : reader_(reader), facts_(facts) {}

  void execute(const Instruction &instruction, FileAddr here, MachineState &state) const {
    const ZydisMnemonic mnemonic = instruction.head.mnemonic;
    if (mnemonic == ZYDIS_MNEMONIC_CMP || mnemonic == ZYDIS_MNEMONIC_TEST)
      return compare(instruction, here, state);
    std::optional<MachineState::Comparison> compared;
    const MachineValue value = result_of(instruction, here, state, compared);
    // Whatever else it writes is not known from here on.
    for (unsigned i = 0; i < instruction.head.operand_count; ++i) {
      const ZydisDecodedOperand &operand = instruction.operands[i];
      if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER || !(operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
        continue;
      if (operand.reg.value == ZYDIS_REGISTER_RFLAGS)
        state.compared.reset();
      else if (const auto name = register_number(operand.reg.value))
        state.registers[*name] = i == 0 && !is_high_byte(operand.reg.value) ? value : MachineValue{};
    }
    if (compared)
      state.compared = compared;
  }

private:
  MachineValue value_of(const Instruction &instruction, const ZydisDecodedOperand &operand, FileAddr here,
                        const MachineState &state) const {
    if (operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
      return a_number(operand.size <= 32 || instruction.head.operand_width == 32
                          ? static_cast<std::int32_t>(operand.imm.value.s)
                          : operand.imm.value.s);
    if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER) {
      const auto name = is_high_byte(operand.reg.value) ? std::nullopt : register_number(operand.reg.value);
      const MachineValue out = name ? state.registers[*name] : MachineValue{};
      if (out.kind != MachineValue::Kind::number)
        return operand.size == 64 ? out : MachineValue{};
      return operand.size <= out.bits ? sized(out.number, operand.size) : MachineValue{};
    }
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY)
      return {};
    if (const auto word = reader_.word_of(instruction, operand, here, state)) {
      if (operand.size == 64 && facts_.nulls.contains(*word))
        return a_number(0);
      const auto known = facts_.words.find(*word);
      return known != facts_.words.end() && operand.size == 32 ? a_number(known->second) : reader_.value_in(*word);
    }
    // A variable of the server, through its address.
    const auto base = register_number(operand.mem.base);
    if (!base || operand.mem.index != ZYDIS_REGISTER_NONE || operand.mem.disp.value != 0 || operand.size != 32 ||
        state.registers[*base].kind != MachineValue::Kind::import_address)
      return {};
    const auto known = facts_.globals.find(*state.registers[*base].import);
    return known == facts_.globals.end() ? MachineValue{} : a_number(known->second);
  }

  void compare(const Instruction &instruction, FileAddr here, MachineState &state) const {
    const auto left = value_of(instruction, instruction.operands[0], here, state);
    const auto right = value_of(instruction, instruction.operands[1], here, state);
    const bool is_test = instruction.head.mnemonic == ZYDIS_MNEMONIC_TEST;
    state.compared.reset();
    state.rows = rows_asked(instruction, left, right);
    if (left.kind != MachineValue::Kind::number || right.kind != MachineValue::Kind::number)
      return;
    const auto a = static_cast<std::int32_t>(left.number), b = static_cast<std::int32_t>(right.number);
    if (instruction.operands[0].size > 32 && (a != left.number || b != right.number))
      return;
    state.compared = is_test ? MachineState::Comparison{a & b, 0} : MachineState::Comparison{a, b};
  }

  /// movslq (%table,%index,4), %reg
  MachineValue row_of(const ZydisDecodedOperand &operand, const MachineState &state) const {
    const auto base = register_number(operand.mem.base), index = register_number(operand.mem.index);
    if (!base || !index || operand.mem.scale != 4 || operand.mem.disp.value != 0 ||
        state.registers[*base].kind != MachineValue::Kind::own_address)
      return {};
    const std::int64_t table = state.registers[*base].number;
    if (state.registers[*index].kind != MachineValue::Kind::number)
      return {MachineValue::Kind::table_row, 64, table, nullptr};
    const std::uint64_t row = static_cast<std::uint64_t>(table) + 4 * static_cast<std::uint64_t>(state.registers[*index].number);
    const auto distance = reader_.number_at(FileAddr{row});
    return distance ? a_number(*distance) : MachineValue{};
  }

  /// What an instruction puts into its first operand, and what its flags then say. Enough for how compilers ask which of a
  /// few numbers an argument is: lea 4(%rdi),%eax; and $-5,%eax; je.
  MachineValue result_of(const Instruction &instruction, FileAddr here, const MachineState &state,
                         std::optional<MachineState::Comparison> &compared) const {
    const ZydisDecodedOperand &first = instruction.operands[0], &second = instruction.operands[1];
    const ZydisMnemonic mnemonic = instruction.head.mnemonic;
    // What is written to 32 bits clears the rest; what is written to 8 or 16 leaves it.
    const auto result = [&](std::int64_t number) {
      MachineValue out = sized(number, first.size);
      out.bits = first.size >= 32 ? 64 : static_cast<std::uint8_t>(first.size);
      return out;
    };
    const auto known = [&](const ZydisDecodedOperand &operand) -> std::optional<std::int64_t> {
      const MachineValue value = value_of(instruction, operand, here, state);
      return value.kind == MachineValue::Kind::number ? std::optional(value.number) : std::nullopt;
    };
    if (mnemonic == ZYDIS_MNEMONIC_MOV) {
      const MachineValue value = value_of(instruction, second, here, state);
      return value.kind == MachineValue::Kind::number ? result(value.number) : value;
    }
    if (mnemonic == ZYDIS_MNEMONIC_LEA) {
      if (const auto word = reader_.word_of(instruction, second, here, state))
        return an_address(static_cast<std::int64_t>(number(*word)));
      const auto base = register_number(second.mem.base);
      const bool is_sum = base && second.mem.index == ZYDIS_REGISTER_NONE && state.registers[*base].bits == 64 &&
                          state.registers[*base].kind == MachineValue::Kind::number;
      return is_sum ? result(state.registers[*base].number + second.mem.disp.value) : MachineValue{};
    }
    if (first.type != ZYDIS_OPERAND_TYPE_REGISTER)
      return {};
    const auto category = instruction.head.meta.category;
    if (category == ZYDIS_CATEGORY_SETCC) {
      const auto sets = state.takes(mnemonic);
      return sets ? result(*sets) : MachineValue{};
    }
    if (category == ZYDIS_CATEGORY_CMOV) {
      const auto moves = state.takes(mnemonic);
      return moves ? value_of(instruction, *moves ? second : first, here, state) : MachineValue{};
    }
    if (mnemonic == ZYDIS_MNEMONIC_MOVSXD && second.type == ZYDIS_OPERAND_TYPE_MEMORY)
      if (const MachineValue row = row_of(second, state); row.kind != MachineValue::Kind::unknown)
        return row;
    if (mnemonic == ZYDIS_MNEMONIC_ADD)
      if (const MachineValue sum = sum_of(value_of(instruction, first, here, state), value_of(instruction, second, here, state));
          sum.kind != MachineValue::Kind::unknown)
        return sum;
    if (mnemonic == ZYDIS_MNEMONIC_MOVZX || mnemonic == ZYDIS_MNEMONIC_MOVSX || mnemonic == ZYDIS_MNEMONIC_MOVSXD) {
      const auto from = known(second);
      const std::int64_t mask = (std::int64_t{1} << second.size) - 1; // of 8, 16 or 32 bits
      return from ? result(mnemonic == ZYDIS_MNEMONIC_MOVZX ? *from & mask : *from) : MachineValue{};
    }
    const bool is_same = second.type == ZYDIS_OPERAND_TYPE_REGISTER && first.reg.value == second.reg.value;
    if (is_same && (mnemonic == ZYDIS_MNEMONIC_XOR || mnemonic == ZYDIS_MNEMONIC_SUB))
      return result(0);
    const auto left = known(first), right = known(second);
    if (!left || !right)
      return {};
    const auto a = static_cast<std::uint64_t>(*left), b = static_cast<std::uint64_t>(*right);
    const auto with_flags = [&](std::uint64_t number) {
      const MachineValue out = result(static_cast<std::int64_t>(number));
      if (first.size <= 32)
        compared = {static_cast<std::int32_t>(out.number), 0};
      return out;
    };
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_ADD:
      return result(static_cast<std::int64_t>(a + b));
    case ZYDIS_MNEMONIC_SUB:
      if (first.size <= 32)
        compared = {static_cast<std::int32_t>(a), static_cast<std::int32_t>(b)};
      return result(static_cast<std::int64_t>(a - b));
    case ZYDIS_MNEMONIC_AND:
      return with_flags(a & b);
    case ZYDIS_MNEMONIC_OR:
      return with_flags(a | b);
    case ZYDIS_MNEMONIC_XOR:
      return with_flags(a ^ b);
    case ZYDIS_MNEMONIC_SHL:
      return result(static_cast<std::int64_t>(a << (b % first.size)));
    case ZYDIS_MNEMONIC_BT: // the bit becomes the carry, which "below" asks for
      compared = {0, static_cast<std::int32_t>(a >> (b % first.size) & 1)};
      return {};
    default:
      return {};
    }
  }

  const CodeReader &reader_;
  const CodeFacts &facts_;
};

} // namespace

void execute(const CodeReader &reader, const CodeFacts &facts, const Instruction &instruction, FileAddr here,
             MachineState &state) {
  Steps(reader, facts).execute(instruction, here, state);
}

} // namespace initorder::deployment
