// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The instructions that functions begin with, and return sites go on with, done on the stopped thread's registers: a
// breakpoint costs one stop then, and the code bytes stay as they are for the other threads. Semantics from Intel's
// manual, volume 2. What is not here is stepped over at another address.
#include "tracer/process/x86_64.h"
#include "tracer/process/x86_64_decode.h"

#include <bit>

namespace initorder::arch {
namespace {

constexpr std::uint64_t kCarry = 1, kParity = 4, kAdjust = 0x10, kZero = 0x40, kSign = 0x80, kOverflow = 0x800, kResume = 0x10000,
                        kVirtual8086 = 0x20000;

/// The instruction's operands against one thread's registers and memory. Widths of 4 and 8 bytes only.
class Machine {
public:
  Machine(Registers &registers, const Decoded &decoded, CodeMemory &memory)
      : registers_(registers), decoded_(decoded), memory_(memory) {}

  const ZydisDecodedOperand &operand(unsigned index) const { return decoded_.operands[index]; }
  unsigned bytes(unsigned index) const { return operand(index).size / 8; }

  std::optional<std::uint64_t> address(const ZydisDecodedOperand &operand) const {
    const auto &mem = operand.mem;
    if (mem.segment == ZYDIS_REGISTER_FS || mem.segment == ZYDIS_REGISTER_GS)
      return {};
    std::uint64_t out = mem.disp.has_displacement ? static_cast<std::uint64_t>(mem.disp.value) : 0;
    if (mem.base == ZYDIS_REGISTER_RIP)
      out += registers_.rip + decoded_.instruction.length;
    else if (mem.base != ZYDIS_REGISTER_NONE && !add(out, mem.base, 1))
      return {};
    if (mem.index != ZYDIS_REGISTER_NONE && !add(out, mem.index, mem.scale))
      return {};
    return out;
  }

  std::optional<std::uint64_t> read(unsigned index) const {
    const ZydisDecodedOperand &from = operand(index);
    const unsigned width = bytes(index);
    if (from.type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
      return from.imm.value.u;
    if (width != 4 && width != 8)
      return {};
    if (from.type == ZYDIS_OPERAND_TYPE_REGISTER) {
      const auto *slot = register_slot(from.reg.value);
      return slot ? std::optional(cut(*slot, width)) : std::nullopt;
    }
    const auto where = from.type == ZYDIS_OPERAND_TYPE_MEMORY ? address(from) : std::nullopt;
    std::uint64_t out = 0;
    if (!where || !memory_.load(RemoteAddr{*where}, std::as_writable_bytes(std::span(&out, 1)).first(width)))
      return {};
    return out;
  }

  bool write(unsigned index, std::uint64_t value) {
    const ZydisDecodedOperand &to = operand(index);
    const unsigned width = bytes(index);
    if (width != 4 && width != 8)
      return false;
    if (to.type == ZYDIS_OPERAND_TYPE_REGISTER) {
      auto *slot = register_slot(to.reg.value);
      if (slot)
        *slot = cut(value, width); // 32-bit results clear the upper half
      return slot;
    }
    const auto where = to.type == ZYDIS_OPERAND_TYPE_MEMORY ? address(to) : std::nullopt;
    return where && memory_.store(RemoteAddr{*where}, value, width);
  }

  std::uint64_t flags() const { return registers_.eflags & ~(kResume | kVirtual8086); } ///< as pushf sees them
  bool push(std::uint64_t value) {
    if (!memory_.store(RemoteAddr{registers_.rsp - 8}, value, 8))
      return false;
    registers_.rsp -= 8;
    return true;
  }
  std::optional<std::uint64_t> pop() {
    std::uint64_t out = 0;
    if (!memory_.load(RemoteAddr{registers_.rsp}, std::as_writable_bytes(std::span(&out, 1))))
      return {};
    registers_.rsp += 8;
    return out;
  }

  /// rcx; false: it is 0 now.
  bool count_down() { return --registers_.rcx != 0; }

  /// Sets the flags of an addition (carry of a subtraction is its borrow) or of a logical operation.
  void set_flags(std::uint64_t left, std::uint64_t right, std::uint64_t result, unsigned width, char kind) {
    const std::uint64_t top = std::uint64_t{1} << (width * 8 - 1);
    std::uint64_t flags = registers_.eflags & ~(kCarry | kParity | kAdjust | kZero | kSign | kOverflow);
    if (kind == '+' && result < left) flags |= kCarry;
    if (kind == '-' && left < right) flags |= kCarry;
    if (kind == '+' && (~(left ^ right) & (left ^ result) & top)) flags |= kOverflow;
    if (kind == '-' && ((left ^ right) & (left ^ result) & top)) flags |= kOverflow;
    if (kind != '&' && ((left ^ right ^ result) & 0x10)) flags |= kAdjust;
    if (result == 0) flags |= kZero;
    if (result & top) flags |= kSign;
    if (std::popcount(result & 0xff) % 2 == 0) flags |= kParity;
    registers_.eflags = flags;
  }

  static std::uint64_t cut(std::uint64_t value, unsigned width) { return width == 4 ? value & 0xffffffff : value; }

private:
  unsigned long long *register_slot(ZydisRegister which) const {
    Registers &r = registers_;
    unsigned long long *const slots[] = {&r.rax, &r.rcx, &r.rdx, &r.rbx, &r.rsp, &r.rbp, &r.rsi, &r.rdi,
                                         &r.r8,  &r.r9,  &r.r10, &r.r11, &r.r12, &r.r13, &r.r14, &r.r15};
    const ZydisRegisterClass group = ZydisRegisterGetClass(which);
    if (group != ZYDIS_REGCLASS_GPR64 && group != ZYDIS_REGCLASS_GPR32)
      return nullptr;
    return slots[static_cast<unsigned>(ZydisRegisterGetId(which))];
  }
  bool add(std::uint64_t &sum, ZydisRegister which, unsigned scale) const {
    // An address of 32-bit registers wraps at 32 bits: rare, and left to the processor.
    const auto *slot = ZydisRegisterGetClass(which) == ZYDIS_REGCLASS_GPR64 ? register_slot(which) : nullptr;
    if (slot)
      sum += *slot * scale;
    return slot;
  }

  Registers &registers_;
  const Decoded &decoded_;
  CodeMemory &memory_;
};

/// Operations of two operands that set the flags; cmp and test write nothing else.
bool compute(Machine &machine, ZydisMnemonic mnemonic) {
  const auto left = machine.read(0);
  const auto right_read = machine.read(1);
  if (!left || !right_read)
    return false;
  const unsigned width = machine.bytes(0);
  const std::uint64_t right = Machine::cut(*right_read, width);
  std::uint64_t result = 0;
  char kind = '&';
  switch (mnemonic) {
  case ZYDIS_MNEMONIC_ADD: result = *left + right; kind = '+'; break;
  case ZYDIS_MNEMONIC_SUB:
  case ZYDIS_MNEMONIC_CMP: result = *left - right; kind = '-'; break;
  case ZYDIS_MNEMONIC_AND:
  case ZYDIS_MNEMONIC_TEST: result = *left & right; break;
  case ZYDIS_MNEMONIC_OR: result = *left | right; break;
  default: result = *left ^ right; break;
  }
  result = Machine::cut(result, width);
  if (mnemonic != ZYDIS_MNEMONIC_CMP && mnemonic != ZYDIS_MNEMONIC_TEST && !machine.write(0, result))
    return false;
  machine.set_flags(*left, right, result, width, kind);
  return true;
}

/// Whether a conditional branch is taken; none: not one of these.
std::optional<bool> taken(ZydisMnemonic mnemonic, std::uint64_t flags) {
  const bool carry = flags & kCarry, zero = flags & kZero, sign = flags & kSign, overflow = flags & kOverflow;
  switch (mnemonic) {
  case ZYDIS_MNEMONIC_JZ: return zero;
  case ZYDIS_MNEMONIC_JNZ: return !zero;
  case ZYDIS_MNEMONIC_JS: return sign;
  case ZYDIS_MNEMONIC_JNS: return !sign;
  case ZYDIS_MNEMONIC_JB: return carry;
  case ZYDIS_MNEMONIC_JNB: return !carry;
  case ZYDIS_MNEMONIC_JBE: return carry || zero;
  case ZYDIS_MNEMONIC_JNBE: return !carry && !zero;
  case ZYDIS_MNEMONIC_JL: return sign != overflow;
  case ZYDIS_MNEMONIC_JNL: return sign == overflow;
  case ZYDIS_MNEMONIC_JLE: return zero || sign != overflow;
  case ZYDIS_MNEMONIC_JNLE: return !zero && sign == overflow;
  default: return {};
  }
}

/// What writes registers or memory and goes on behind itself.
bool move(Machine &machine, ZydisMnemonic mnemonic) {
  std::optional<std::uint64_t> value;
  switch (mnemonic) {
  case ZYDIS_MNEMONIC_NOP:
  case ZYDIS_MNEMONIC_ENDBR64: return true;
  case ZYDIS_MNEMONIC_PUSH: value = machine.read(0); return value && machine.bytes(0) == 8 && machine.push(*value);
  // Not left to a single step: that is done with the trap flag, which would be pushed with the others.
  case ZYDIS_MNEMONIC_PUSHFQ: return machine.push(machine.flags());
  case ZYDIS_MNEMONIC_POP:
    if (machine.operand(0).type != ZYDIS_OPERAND_TYPE_REGISTER || machine.bytes(0) != 8)
      return false;
    value = machine.pop();
    return value && machine.write(0, *value);
  case ZYDIS_MNEMONIC_MOV: value = machine.read(1); return value && machine.write(0, *value);
  case ZYDIS_MNEMONIC_LEA: value = machine.address(machine.operand(1)); return value && machine.write(0, *value);
  case ZYDIS_MNEMONIC_ADD:
  case ZYDIS_MNEMONIC_SUB:
  case ZYDIS_MNEMONIC_CMP:
  case ZYDIS_MNEMONIC_AND:
  case ZYDIS_MNEMONIC_TEST:
  case ZYDIS_MNEMONIC_OR:
  case ZYDIS_MNEMONIC_XOR: return compute(machine, mnemonic);
  default: return false;
  }
}

/// Where a jump, a call or a return goes; none: no such instruction.
std::optional<std::uint64_t> branch(Machine &machine, const Decoded &decoded, const Registers &registers) {
  const std::uint64_t next = registers.rip + decoded.instruction.length;
  const bool near = decoded.instruction.meta.branch_type != ZYDIS_BRANCH_TYPE_FAR;
  if (decoded.instruction.mnemonic == ZYDIS_MNEMONIC_RET && near && decoded.instruction.operand_count_visible == 0)
    return machine.pop();
  ZyanU64 target = 0;
  const ZydisMnemonic mnemonic = decoded.instruction.mnemonic;
  if (decoded.instruction.raw.imm[0].is_relative) {
    ZydisCalcAbsoluteAddress(&decoded.instruction, decoded.operands.data(), registers.rip, &target);
  } else {
    const bool jumps = near && (mnemonic == ZYDIS_MNEMONIC_JMP || mnemonic == ZYDIS_MNEMONIC_CALL);
    const auto read = jumps && machine.bytes(0) == 8 ? machine.read(0) : std::nullopt;
    if (!read)
      return {};
    target = *read;
  }
  if (mnemonic == ZYDIS_MNEMONIC_JMP)
    return target;
  if (mnemonic == ZYDIS_MNEMONIC_CALL)
    return machine.push(next) ? std::optional(target) : std::nullopt;
  if (mnemonic == ZYDIS_MNEMONIC_JRCXZ)
    return registers.rcx == 0 ? target : next;
  if (mnemonic == ZYDIS_MNEMONIC_LOOP && decoded.instruction.address_width == 64)
    return machine.count_down() ? target : next;
  const auto jumps = taken(mnemonic, registers.eflags);
  return jumps ? std::optional(*jumps ? target : next) : std::nullopt;
}

} // namespace

bool emulate(Registers &registers, std::span<const std::byte> code, CodeMemory &memory) {
  const auto decoded = decode(code);
  // A prefix (lock, rep) or a shadow stack changes what an instruction means.
  if (!decoded || decoded->instruction.attributes & (ZYDIS_ATTRIB_HAS_LOCK | ZYDIS_ATTRIB_HAS_REP))
    return false;
  Registers after = registers;
  Machine machine(after, *decoded, memory);
  if (const auto target = branch(machine, *decoded, registers))
    after.rip = *target;
  else if (move(machine, decoded->instruction.mnemonic))
    after.rip = registers.rip + decoded->instruction.length;
  else
    return false;
  registers = after;
  return true;
}

} // namespace initorder::arch
