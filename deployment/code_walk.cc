// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/code_walk.h"

#include "deployment/machine_steps.h"

#include <algorithm>
#include <tuple>

namespace initorder::deployment {

namespace {

// Bounds: what lies beyond is not found.
constexpr unsigned kMostInstructions = 2'000'000; ///< of one entry point
constexpr std::size_t kMostStates = 6;          ///< of one instruction; then as if nothing were known
constexpr std::size_t kDeepest = 64;            ///< calls in each other
constexpr std::size_t kMostCalls = 20'000;
constexpr std::size_t kMostReached = 100'000; ///< instructions of one function
constexpr unsigned kLongestStub = 12; ///< instructions of a function that only goes on to another object's

class Walk {
public:
  Walk(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts)
      : reader_(object, linkage, facts), facts_(facts) {}

  CodeCalls whole(FileAddr entry, MachineState state) {
    enter({entry, std::move(state), {}});
    found_.is_cut = found_.is_cut || left_ == 0 || found_.calls.size() >= kMostCalls;
    return std::move(found_);
  }

private:
  struct Function {
    FileAddr address;
    MachineState state;
    std::vector<FileAddr> path;
  };
  /// Where ways go on, the lowest address first: as a rule that is the order of the source, and so of the calls.
  using Ways = std::map<FileAddr, std::vector<MachineState>>;

  /// A function is walked for each set of known arguments, up to a number of them.
  void enter(Function function) {
    std::set<MachineState> &known = entered_[function.address];
    if (known.size() >= kMostStates)
      function.state = {};
    found_.is_cut = found_.is_cut || function.path.size() >= kDeepest;
    if (function.path.size() >= kDeepest || !known.insert(function.state).second)
      return;
    Ways ways;
    // Where ways meet, there is a jump: so it is enough to look at where they begin.
    std::map<FileAddr, std::vector<MachineState>> seen;
    ways[function.address].push_back(function.state);
    while (!ways.empty() && left_ > 0) {
      FileAddr here = ways.begin()->first;
      MachineState state = std::move(ways.begin()->second.back());
      ways.begin()->second.pop_back();
      if (ways.begin()->second.empty())
        ways.erase(ways.begin());
      std::vector<MachineState> &states = seen[here];
      if (states.size() >= kMostStates)
        state = {};
      if (std::ranges::find(states, state) != states.end())
        continue;
      states.push_back(state);
      while (left_ > 0 && step(function, here, state, ways))
        ;
    }
  }

  /// One instruction, after which `here` is the next; false: this way ends, or goes on elsewhere.
  bool step(const Function &function, FileAddr &here, MachineState &state, Ways &ways) {
    --left_;
    const auto instruction = reader_.decode(here);
    if (!instruction)
      return false;
    const FileAddr next{number(here) + instruction->head.length};
    note_use(*instruction, here, state);
    switch (instruction->head.meta.category) {
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_INTERRUPT:
      return false;
    case ZYDIS_CATEGORY_COND_BR:
      branch(*instruction, here, next, state, ways);
      return false;
    case ZYDIS_CATEGORY_UNCOND_BR:
      jump(function, *instruction, here, state, ways);
      return false;
    case ZYDIS_CATEGORY_CALL:
      if (!call_instruction(function, *instruction, here, state))
        return false;
      state.forget_after_call();
      break;
    default:
      if (instruction->head.mnemonic == ZYDIS_MNEMONIC_UD2 || instruction->head.mnemonic == ZYDIS_MNEMONIC_HLT)
        return false;
      execute(reader_, facts_, *instruction, here, state);
      note_copy(*instruction, state);
    }
    here = next;
    return true;
  }

  void note_use(const Instruction &instruction, FileAddr here, MachineState &state) {
    for (unsigned i = 0; i < instruction.head.operand_count_visible; ++i) {
      const ZydisDecodedOperand &operand = instruction.operands[i];
      if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.type != ZYDIS_MEMOP_TYPE_MEM)
        continue; // lea takes the address alone
      if (const auto word = reader_.word_of(instruction, operand, here, state)) {
        if (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) {
          std::uint32_t &bytes = found_.written.stored[*word];
          bytes = std::max<std::uint32_t>(bytes, operand.size / 8);
        } else {
          found_.written.loaded.insert(*word);
        }
      }
      if (const auto base = register_number(operand.mem.base))
        state.registers[*base].is_read_through = state.registers[*base].kind == MachineValue::Kind::own_address;
    }
  }

  /// mov %rbx, %rdi: nobody copies an address to read what stands there.
  static void note_copy(const Instruction &instruction, MachineState &state) {
    const ZydisDecodedOperand &to = instruction.operands[0], &from = instruction.operands[1];
    if (instruction.head.mnemonic != ZYDIS_MNEMONIC_MOV || to.type != ZYDIS_OPERAND_TYPE_REGISTER ||
        from.type != ZYDIS_OPERAND_TYPE_REGISTER)
      return;
    if (const auto name = register_number(to.reg.value))
      state.registers[*name].is_read_through = false;
  }

  /// An address that was got to read what stands there, and is still in that register, is not handed on.
  void note_given(const MachineState &state) {
    for (const unsigned number : kArgumentRegisters)
      if (const MachineValue &value = state.registers[number];
          value.kind == MachineValue::Kind::own_address && !value.is_read_through)
        found_.written.given.insert(FileAddr{static_cast<std::uint64_t>(value.number)});
  }

  static void branch(const Instruction &instruction, FileAddr here, FileAddr next, const MachineState &state, Ways &ways) {
    const auto target = CodeReader::direct_target(instruction, here);
    const auto taken = state.takes(instruction.head.mnemonic);
    // cmp $7, %eax; ja or jbe: one way goes on to a switch's table.
    MachineState other = state;
    other.rows = 0;
    if (target && taken != false)
      ways[*target].push_back(instruction.head.mnemonic == ZYDIS_MNEMONIC_JBE ? state : other);
    if (taken != true)
      ways[next].push_back(instruction.head.mnemonic == ZYDIS_MNEMONIC_JNBE ? state : other);
  }

  void jump(const Function &function, const Instruction &instruction, FileAddr here, const MachineState &state, Ways &ways) {
    const std::string *import = reader_.imported_target(instruction, here, state);
    const auto target = reader_.own_target(instruction, here, state);
    if (!import && target)
      import = reader_.stub_target(*target);
    if (import) { // a tail call
      call(function, here, *import, state);
      return;
    }
    MachineState there = state;
    there.rows = 0;
    const std::vector<FileAddr> cases = switch_cases(instruction, state);
    for (const FileAddr one : cases)
      ways[one].push_back(there);
    if (target)
      ways[*target].push_back(there);
    else if (cases.empty())
      found_.not_followed.insert(here);
  }

  /// lea table(%rip), %rdx; movslq (%rdx,%rax,4), %rax; add %rdx, %rax; jmp *%rax
  std::vector<FileAddr> switch_cases(const Instruction &instruction, const MachineState &state) const {
    const ZydisDecodedOperand &operand = instruction.operands[0];
    const auto name = operand.type == ZYDIS_OPERAND_TYPE_REGISTER ? register_number(operand.reg.value) : std::nullopt;
    if (!name || state.registers[*name].kind != MachineValue::Kind::table_target)
      return {};
    return reader_.rows_of(FileAddr{static_cast<std::uint64_t>(state.registers[*name].number)}, state.rows);
  }

  /// False: it does not return.
  bool call_instruction(const Function &function, const Instruction &instruction, FileAddr here,
                        const MachineState &state) {
    if (const std::string *import = reader_.imported_target(instruction, here, state))
      return call(function, here, *import, state);
    const auto target = reader_.own_target(instruction, here, state);
    if (!target) {
      found_.not_followed.insert(here);
      return true;
    }
    if (const std::string *import = reader_.stub_target(*target))
      return call(function, here, *import, state);
    if (call_through_wrapper(function, here, *target, state))
      return true;
    MachineState inner;
    for (const unsigned number : kArgumentRegisters)
      inner.registers[number] = state.registers[number];
    found_.callers[*target].insert({function.address, here});
    std::vector<FileAddr> path = function.path;
    path.push_back(here);
    enter({*target, std::move(inner), std::move(path)});
    return true;
  }

  bool call(const Function &function, FileAddr site, const std::string &symbol, const MachineState &state) {
    note_given(state);
    if (found_.calls.size() < kMostCalls && told_.insert({site, symbol, arguments_of(state)}).second)
      found_.calls.push_back({symbol, arguments_of(state), site, function.address, function.path});
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
      const auto instruction = reader_.decode(target);
      if (!instruction)
        return false;
      const auto category = instruction->head.meta.category;
      if (category == ZYDIS_CATEGORY_UNCOND_BR) {
        const std::string *import = reader_.imported_target(*instruction, target, state);
        if (const auto next = reader_.direct_target(*instruction, target); !import && next)
          import = reader_.stub_target(*next);
        return import && (call(function, site, *import, state), true);
      }
      if (category == ZYDIS_CATEGORY_CALL || category == ZYDIS_CATEGORY_COND_BR || category == ZYDIS_CATEGORY_RET)
        return false;
      execute(reader_, facts_, *instruction, target, state);
      target = FileAddr{number(target) + instruction->head.length};
    }
    return false;
  }

  CodeReader reader_;
  const CodeFacts &facts_;
  std::map<FileAddr, std::set<MachineState>> entered_;
  std::set<std::tuple<FileAddr, std::string, std::array<MachineValue, 6>>> told_;
  CodeCalls found_;
  unsigned left_ = kMostInstructions;
};

} // namespace

Reach reach_of(const elf::Object &object, const elf::Linkage &linkage, FileAddr from) {
  const CodeFacts nothing;
  const CodeReader reader(object, linkage, nothing);
  Reach out;
  std::vector<FileAddr> pending = {from};
  for (bool begins = true; !pending.empty(); begins = false) {
    const FileAddr here = pending.back();
    pending.pop_back();
    if (!begins && !out.instructions.insert(here).second)
      continue;
    if (out.instructions.size() >= kMostReached)
      return {{}, true};
    const auto instruction = reader.decode(here);
    if (!instruction)
      continue;
    const auto category = instruction->head.meta.category;
    const auto target = CodeReader::direct_target(*instruction, here);
    const bool is_jump = category == ZYDIS_CATEGORY_UNCOND_BR;
    if (is_jump && !target && !begins)
      return {{}, true}; // a switch
    if (category == ZYDIS_CATEGORY_RET || category == ZYDIS_CATEGORY_INTERRUPT || (is_jump && begins))
      continue; // a call that ends the function comes back to its caller
    if ((is_jump || category == ZYDIS_CATEGORY_COND_BR) && target && !reader.stub_target(*target))
      pending.push_back(*target);
    if (!is_jump)
      pending.push_back(FileAddr{number(here) + instruction->head.length});
  }
  return out;
}

void WrittenWords::add(const WrittenWords &other) {
  for (const auto &[word, bytes] : other.stored)
    stored[word] = std::max(stored[word], bytes);
  given.insert(other.given.begin(), other.given.end());
  loaded.insert(other.loaded.begin(), other.loaded.end());
}

CodeCalls calls_from(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts, FileAddr entry,
                     const std::vector<std::int64_t> &arguments) {
  MachineState state;
  for (std::size_t i = 0; i < arguments.size() && i < kArgumentRegisters.size(); ++i)
    state.registers[kArgumentRegisters[i]] = a_number(arguments[i]);
  return Walk(object, linkage, facts).whole(entry, std::move(state));
}

} // namespace initorder::deployment
