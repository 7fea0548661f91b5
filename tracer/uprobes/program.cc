// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/program.h"

#include <cstddef>

namespace initorder::uprobes {
namespace {

using Register = std::uint8_t;
constexpr Register kContext = BPF_REG_6, kSlot = BPF_REG_7, kHit = BPF_REG_8, kKept = BPF_REG_9, kFrame = BPF_REG_10;
constexpr std::int16_t kIndexAt = -8, kOrdinalAt = -16; ///< in the program's stack frame

/// Instructions in order; a jump to a label is given its distance at the end.
class Code {
public:
  enum Label : std::uint8_t { out, lost, copied, kLabels };

  void add(std::uint8_t code, Register to, Register from, std::int16_t offset, std::int32_t value) {
    bpf_insn made{};
    made.code = code;
    made.dst_reg = to & 0xf;
    made.src_reg = from & 0xf;
    made.off = offset;
    made.imm = value;
    code_.push_back(made);
  }
  void copy(Register to, Register from) { add(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0); }
  void set(Register to, std::int32_t value) { add(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value); }
  void plus(Register to, std::int32_t value) { add(BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, value); }
  void load(Register to, Register from, std::int16_t offset) { add(BPF_LDX | BPF_MEM | BPF_DW, to, from, offset, 0); }
  void load32(Register to, Register from, std::int16_t offset) { add(BPF_LDX | BPF_MEM | BPF_W, to, from, offset, 0); }
  void store(Register to, std::int16_t offset, Register from) { add(BPF_STX | BPF_MEM | BPF_DW, to, from, offset, 0); }
  void store_value(Register to, std::int16_t offset, std::int32_t value) { add(BPF_ST | BPF_MEM | BPF_DW, to, 0, offset, value); }
  /// `from` becomes what was there before.
  void fetch_add(Register to, std::int16_t offset, Register from) { add(BPF_STX | BPF_ATOMIC | BPF_DW, to, from, offset, BPF_ADD | BPF_FETCH); }
  void map(Register to, int descriptor) {
    add(BPF_LD | BPF_IMM | BPF_DW, to, BPF_PSEUDO_MAP_FD, 0, descriptor);
    add(0, 0, 0, 0, 0);
  }
  void call(bpf_func_id helper) { add(BPF_JMP | BPF_CALL, 0, 0, 0, helper); }
  void jump_if(std::uint8_t comparison, Register one, std::int32_t value, Label to) { jump(BPF_JMP | comparison | BPF_K, one, 0, value, to); }
  void jump_if_register(std::uint8_t comparison, Register one, Register other, Label to) { jump(BPF_JMP | comparison | BPF_X, one, other, 0, to); }
  void here(Label label) { labels_[label] = code_.size(); }

  std::vector<bpf_insn> finish() {
    for (const auto &[at, label] : jumps_)
      code_[at].off = static_cast<std::int16_t>(labels_[label] - at - 1);
    return std::move(code_);
  }

private:
  void jump(std::uint8_t code, Register one, Register other, std::int32_t value, Label to) {
    jumps_.emplace_back(code_.size(), to);
    add(code, one, other, 0, value);
  }
  std::vector<bpf_insn> code_;
  std::vector<std::pair<std::size_t, Label>> jumps_;
  std::size_t labels_[kLabels]{};
};

/// Whether this hit is to be written down: its slot says so.
void ask_the_slot(Code &code, int slots) {
  code.copy(kContext, BPF_REG_1);
  code.call(BPF_FUNC_get_attach_cookie);
  code.copy(kKept, BPF_REG_0);
  code.add(BPF_STX | BPF_MEM | BPF_W, kFrame, BPF_REG_0, kIndexAt, 0);
  code.map(BPF_REG_1, slots);
  code.copy(BPF_REG_2, kFrame);
  code.plus(BPF_REG_2, kIndexAt);
  code.call(BPF_FUNC_map_lookup_elem);
  code.jump_if(BPF_JEQ, BPF_REG_0, 0, Code::out);
  code.copy(kSlot, BPF_REG_0);
  code.copy(BPF_REG_1, kKept);
  code.add(BPF_ALU64 | BPF_RSH | BPF_K, BPF_REG_1, 0, 0, 32);
  code.load32(BPF_REG_2, kSlot, offsetof(Slot, generation));
  code.jump_if_register(BPF_JNE, BPF_REG_1, BPF_REG_2, Code::out);
  code.set(BPF_REG_3, 1);
  code.fetch_add(kSlot, offsetof(Slot, seen), BPF_REG_3);
  code.load32(BPF_REG_1, kSlot, offsetof(Slot, most));
  code.jump_if_register(BPF_JGE, BPF_REG_3, BPF_REG_1, Code::out);
  code.store(kFrame, kOrdinalAt, BPF_REG_3);
}

void write_header(Code &code) {
  code.call(BPF_FUNC_ktime_get_ns);
  code.store(kHit, offsetof(Hit, at), BPF_REG_0);
  code.call(BPF_FUNC_get_current_pid_tgid);
  code.store(kHit, offsetof(Hit, pid_tgid), BPF_REG_0);
  code.store(kHit, offsetof(Hit, cookie), kKept);
  code.load(BPF_REG_1, kFrame, kOrdinalAt);
  code.store(kHit, offsetof(Hit, ordinal), BPF_REG_1);
  code.store_value(kHit, offsetof(Hit, stack_bytes), 0);
  for (unsigned i = 0; i < kRegisters; ++i) {
    code.load(BPF_REG_1, kContext, static_cast<std::int16_t>(8 * i));
    code.store(kHit, static_cast<std::int16_t>(offsetof(Hit, registers) + 8 * i), BPF_REG_1);
  }
}

/// Piece by piece: the first one that is not there is above the stack's end.
void copy_stack(Code &code, std::uint32_t chunks) {
  code.load(kKept, kContext, 8 * kStackPointer);
  for (std::uint32_t i = 0; i < chunks; ++i) {
    const auto done = static_cast<std::int32_t>(kStackChunk * i);
    code.copy(BPF_REG_1, kHit);
    code.plus(BPF_REG_1, static_cast<std::int32_t>(kHeader) + done);
    code.set(BPF_REG_2, kStackChunk);
    code.copy(BPF_REG_3, kKept);
    code.plus(BPF_REG_3, done);
    code.call(BPF_FUNC_copy_from_user);
    code.jump_if(BPF_JNE, BPF_REG_0, 0, Code::copied);
    code.store_value(kHit, offsetof(Hit, stack_bytes), done + static_cast<std::int32_t>(kStackChunk));
  }
}

} // namespace

std::vector<bpf_insn> program(int slots, int ring, std::uint32_t stack_chunks) {
  Code code;
  ask_the_slot(code, slots);
  code.map(BPF_REG_1, ring);
  code.set(BPF_REG_2, static_cast<std::int32_t>(kHeader + kStackChunk * stack_chunks));
  code.set(BPF_REG_3, 0);
  code.call(BPF_FUNC_ringbuf_reserve);
  code.jump_if(BPF_JEQ, BPF_REG_0, 0, Code::lost);
  code.copy(kHit, BPF_REG_0);
  write_header(code);
  copy_stack(code, stack_chunks);
  code.here(Code::copied);
  code.copy(BPF_REG_1, kHit);
  code.set(BPF_REG_2, 0);
  code.call(BPF_FUNC_ringbuf_submit);
  code.here(Code::out);
  code.set(BPF_REG_0, 0);
  code.add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  code.here(Code::lost);
  code.set(BPF_REG_1, 1);
  code.fetch_add(kSlot, offsetof(Slot, lost), BPF_REG_1);
  code.set(BPF_REG_0, 0);
  code.add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  return code.finish();
}

} // namespace initorder::uprobes
