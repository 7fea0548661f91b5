// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/code_walk.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <tuple>

namespace initorder::deployment {

namespace {

// Bounds: what lies beyond is not found.
constexpr unsigned kMostInstructions = 400'000; ///< of one entry point
constexpr std::size_t kMostStates = 6;          ///< of one instruction; then as if nothing were known
constexpr std::size_t kDeepest = 64;            ///< calls in each other
constexpr std::size_t kMostCalls = 20'000;
constexpr unsigned kLongestStub = 12; ///< instructions of a function that only goes on to another object's
constexpr std::size_t kLongestInstruction = 15;

struct Instruction {
  ZydisDecodedInstruction head;
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
};

class Walk {
public:
  Walk(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts)
      : object_(object), linkage_(linkage), facts_(facts) {
    ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    ZydisDecoderEnableMode(&decoder_, ZYDIS_DECODER_MODE_CET, ZYAN_TRUE);
  }

  std::vector<CodeCall> whole(FileAddr entry, MachineState state) {
    enter({entry, std::move(state), {}});
    return std::move(calls_);
  }

private:
  struct Function {
    FileAddr address;
    MachineState state;
    std::vector<FileAddr> path;
  };
  /// Where ways go on, the lowest address first: as a rule that is the order of the source, and so of the calls.
  using Ways = std::map<FileAddr, std::vector<MachineState>>;

  bool is_code(FileAddr address) const {
    return std::ranges::any_of(object_.segments(), [&](const elf::Segment &segment) {
      return segment.executable && address >= segment.begin && address < segment.end;
    });
  }

  std::optional<Instruction> decode(FileAddr address) const {
    std::string_view bytes;
    for (std::size_t length = kLongestInstruction; length > 0 && bytes.empty(); --length) // at a segment's end
      bytes = object_.bytes(address, length);
    Instruction out;
    if (bytes.empty() || !is_code(address) ||
        !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder_, bytes.data(), bytes.size(), &out.head, out.operands.data())))
      return std::nullopt;
    return out;
  }

  /// A function is walked for each set of known arguments, up to a number of them.
  void enter(Function function) {
    std::set<MachineState> &known = entered_[function.address];
    if (known.size() >= kMostStates)
      function.state = {};
    if (function.path.size() >= kDeepest || !known.insert(function.state).second)
      return;
    Ways ways;
    std::map<FileAddr, std::set<MachineState>> seen;
    ways[function.address].push_back(function.state);
    while (!ways.empty() && left_ > 0) {
      FileAddr here = ways.begin()->first;
      MachineState state = std::move(ways.begin()->second.back());
      ways.begin()->second.pop_back();
      if (ways.begin()->second.empty())
        ways.erase(ways.begin());
      do {
        std::set<MachineState> &states = seen[here];
        if (states.size() >= kMostStates)
          state = {};
        if (!states.insert(state).second)
          break;
      } while (left_ > 0 && step(function, here, state, ways));
    }
  }

  /// One instruction, after which `here` is the next; false: this way ends, or goes on elsewhere.
  bool step(const Function &function, FileAddr &here, MachineState &state, Ways &ways) {
    --left_;
    const auto instruction = decode(here);
    if (!instruction)
      return false;
    const FileAddr next{number(here) + instruction->head.length};
    switch (instruction->head.meta.category) {
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_INTERRUPT:
      return false;
    case ZYDIS_CATEGORY_COND_BR: {
      const auto target = direct_target(*instruction, here);
      const auto taken = state.takes(instruction->head.mnemonic);
      if (target && taken != false)
        ways[*target].push_back(state);
      if (taken != true)
        ways[next].push_back(state);
      return false;
    }
    case ZYDIS_CATEGORY_UNCOND_BR: {
      const std::string *import = imported_target(*instruction, here, state);
      const auto target = direct_target(*instruction, here);
      if (!import && target)
        import = stub_target(*target);
      if (import) // a tail call
        call(function, here, *import, state);
      else if (target)
        ways[*target].push_back(state);
      return false;
    }
    case ZYDIS_CATEGORY_CALL:
      if (!call_instruction(function, *instruction, here, state))
        return false;
      state.forget_after_call();
      break;
    default:
      if (instruction->head.mnemonic == ZYDIS_MNEMONIC_UD2 || instruction->head.mnemonic == ZYDIS_MNEMONIC_HLT)
        return false;
      execute(*instruction, here, state);
    }
    here = next;
    return true;
  }

  /// False: it does not return.
  bool call_instruction(const Function &function, const Instruction &instruction, FileAddr here,
                        const MachineState &state) {
    if (const std::string *import = imported_target(instruction, here, state))
      return call(function, here, *import, state);
    const auto target = direct_target(instruction, here);
    if (!target)
      return true;
    if (const std::string *import = stub_target(*target))
      return call(function, here, *import, state);
    if (call_through_wrapper(function, here, *target, state))
      return true;
    MachineState inner;
    for (const unsigned number : kArgumentRegisters)
      inner.registers[number] = state.registers[number];
    std::vector<FileAddr> path = function.path;
    path.push_back(here);
    enter({*target, std::move(inner), std::move(path)});
    return true;
  }

  bool call(const Function &function, FileAddr site, const std::string &symbol, const MachineState &state) {
    if (calls_.size() < kMostCalls && told_.insert({site, symbol, arguments_of(state)}).second)
      calls_.push_back({symbol, arguments_of(state), site, function.address, function.path});
    return !facts_.never_return.contains(symbol);
  }

  static std::array<MachineValue, 6> arguments_of(const MachineState &state) {
    std::array<MachineValue, 6> out;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = state.registers[kArgumentRegisters[i]];
    return out;
  }

  /// A few instructions in a row that end in a jump to another object's function: pthread_atfork() and atexit(), which
  /// glibc links statically. The call is that of the caller, with the arguments as they are by then.
  bool call_through_wrapper(const Function &function, FileAddr site, FileAddr target, MachineState state) {
    for (unsigned i = 0; i < kLongestStub; ++i) {
      const auto instruction = decode(target);
      if (!instruction)
        return false;
      const auto category = instruction->head.meta.category;
      if (category == ZYDIS_CATEGORY_UNCOND_BR) {
        const std::string *import = imported_target(*instruction, target, state);
        if (const auto next = direct_target(*instruction, target); !import && next)
          import = stub_target(*next);
        return import && (call(function, site, *import, state), true);
      }
      if (category == ZYDIS_CATEGORY_CALL || category == ZYDIS_CATEGORY_COND_BR || category == ZYDIS_CATEGORY_RET)
        return false;
      execute(*instruction, target, state);
      target = FileAddr{number(target) + instruction->head.length};
    }
    return false;
  }

  static std::optional<FileAddr> direct_target(const Instruction &instruction, FileAddr here) {
    ZyanU64 out = 0;
    const ZydisDecodedOperand &operand = instruction.operands[0];
    if (operand.type != ZYDIS_OPERAND_TYPE_IMMEDIATE ||
        !ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&instruction.head, &operand, number(here), &out)))
      return std::nullopt;
    return FileAddr{out};
  }

  /// The word that a memory operand relative to the instruction means.
  static std::optional<FileAddr> word_of(const Instruction &instruction, const ZydisDecodedOperand &operand, FileAddr here) {
    ZyanU64 out = 0;
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.base != ZYDIS_REGISTER_RIP ||
        !ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&instruction.head, &operand, number(here), &out)))
      return std::nullopt;
    return FileAddr{out};
  }

  /// call *slot(%rip), call *%reg
  const std::string *imported_target(const Instruction &instruction, FileAddr here, const MachineState &state) const {
    const ZydisDecodedOperand &operand = instruction.operands[0];
    if (const auto word = word_of(instruction, operand, here)) {
      const auto found = linkage_.imports.find(*word);
      return found == linkage_.imports.end() ? nullptr : &found->second;
    }
    const auto name = operand.type == ZYDIS_OPERAND_TYPE_REGISTER ? register_number(operand.reg.value) : std::nullopt;
    return name && state.registers[*name].kind == MachineValue::Kind::import_address ? state.registers[*name].import
                                                                                      : nullptr;
  }

  /// An entry of the procedure linkage table: jmp *slot(%rip), behind an endbr64.
  const std::string *stub_target(FileAddr address) const {
    for (unsigned i = 0; i < 2; ++i) {
      const auto instruction = decode(address);
      if (!instruction)
        return nullptr;
      if (instruction->head.meta.category == ZYDIS_CATEGORY_UNCOND_BR)
        return imported_target(*instruction, address, {});
      if (instruction->head.mnemonic != ZYDIS_MNEMONIC_ENDBR64)
        return nullptr;
      address = FileAddr{number(address) + instruction->head.length};
    }
    return nullptr;
  }

  static bool is_high_byte(ZydisRegister name) { return name >= ZYDIS_REGISTER_AH && name <= ZYDIS_REGISTER_BH; }

  /// The lowest bits, extended by their sign.
  static MachineValue sized(std::int64_t number, unsigned bits) {
    const unsigned lost = bits < 64 ? 64 - bits : 0;
    return a_number(static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << lost) >> lost);
  }

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
    if (const auto word = word_of(instruction, operand, here)) {
      if (const auto import = linkage_.imports.find(*word); import != linkage_.imports.end())
        return {MachineValue::Kind::import_address, 64, 0, &import->second};
      if (const auto pointer = linkage_.pointer(*word))
        return {MachineValue::Kind::own_address, 64, static_cast<std::int64_t>(number(*pointer)), nullptr};
      return {};
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
    if (left.kind != MachineValue::Kind::number || right.kind != MachineValue::Kind::number ||
        instruction.operands[0].size > 32)
      return;
    const auto a = static_cast<std::int32_t>(left.number), b = static_cast<std::int32_t>(right.number);
    state.compared = is_test ? MachineState::Comparison{a & b, 0} : MachineState::Comparison{a, b};
  }

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
      if (const auto word = word_of(instruction, second, here))
        return {MachineValue::Kind::own_address, 64, static_cast<std::int64_t>(number(*word)), nullptr};
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

  const elf::Object &object_;
  const elf::Linkage &linkage_;
  const CodeFacts &facts_;
  ZydisDecoder decoder_;
  std::map<FileAddr, std::set<MachineState>> entered_;
  std::set<std::tuple<FileAddr, std::string, std::array<MachineValue, 6>>> told_;
  std::vector<CodeCall> calls_;
  unsigned left_ = kMostInstructions;
};

} // namespace

std::vector<CodeCall> calls_from(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts,
                                 FileAddr entry, const std::vector<std::int64_t> &arguments) {
  MachineState state;
  for (std::size_t i = 0; i < arguments.size() && i < kArgumentRegisters.size(); ++i)
    state.registers[kArgumentRegisters[i]] = a_number(arguments[i]);
  return Walk(object, linkage, facts).whole(entry, std::move(state));
}

} // namespace initorder::deployment
