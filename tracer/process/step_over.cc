// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Three ways, the cheapest first:
//   1. do it on the registers: no further stop;
//   2. run a copy of it where no other thread runs, the program's entry point: one step, the breakpoint stays;
//   3. take the breakpoint away for one step: a second thread could pass meanwhile. What is left for this enters the
//      kernel or jumps in an odd way: functions do not begin so.
#include "tracer/process/step_over.h"

#include <array>
#include <span>

#include <sys/uio.h>

namespace initorder {
namespace {

class TraceeMemory : public arch::CodeMemory {
public:
  explicit TraceeMemory(const Tracee &tracee) : tracee_(tracee) {}
  // As the processor would: what the thread itself may not touch is left to it, and to its SIGSEGV. (/proc/PID/mem and
  // PTRACE_POKEDATA know no protection.)
  bool load(RemoteAddr from, std::span<std::byte> out) const override {
    const iovec local{out.data(), out.size()};
    const iovec remote{reinterpret_cast<void *>(number(from)), out.size()};
    return process_vm_readv(tracee_.tid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(out.size());
  }
  bool store(RemoteAddr to, std::uint64_t value, unsigned bytes) override {
    const iovec local{&value, bytes};
    const iovec remote{reinterpret_cast<void *>(number(to)), bytes};
    return process_vm_writev(tracee_.tid(), &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes);
  }

private:
  const Tracee &tracee_;
};

/// What the caller has on the stack stays as it is.
class BelowStack final : public TraceeMemory {
public:
  BelowStack(const Tracee &tracee, RemoteAddr sp) : TraceeMemory(tracee), sp_(sp) {}
  bool store(RemoteAddr to, std::uint64_t value, unsigned bytes) override {
    return to + bytes <= sp_ && TraceeMemory::store(to, value, bytes);
  }

private:
  RemoteAddr sp_;
};

/// Steps `code` at `run_at`, then moves pc back to where the instruction really stands.
bool step_at(const Tracee &tracee, RemoteAddr run_at, RemoteAddr at, const arch::Moved &code, arch::Registers registers,
             int &status) {
  const auto own = code.base ? registers.*code.base : 0;
  if (code.base)
    registers.*code.base = number(at) + code.length_before;
  arch::set_pc(registers, run_at);
  tracee.set_registers(registers);
  bool stepped = tracee.step(status);
  auto after = tracee.registers();
  // One step of a repeated instruction is one round.
  for (const bool repeats = arch::repeats(code.code); stepped && repeats && after && arch::pc(*after) == run_at;
       after = tracee.registers())
    stepped = tracee.step(status);
  if (after) {
    const std::uint64_t gone = number(arch::pc(*after)) - number(run_at);
    arch::set_pc(*after, at + (gone == code.length ? code.length_before : gone));
    if (code.base)
      (*after).*code.base = own;
    tracee.set_registers(*after);
  }
  return stepped;
}

} // namespace

bool pass_at_once(const Tracee &tracee, const Breakpoints::Site &site, arch::Registers registers) {
  BelowStack memory(tracee, arch::sp(registers));
  return arch::emulate(registers, site.code, memory) && tracee.set_registers(registers);
}

bool step_over(const Tracee &tracee, AddressSpace &space, RemoteAddr at, arch::Registers registers, int &status) {
  const Breakpoints::Site *site = space.breakpoints.at(at);
  TraceeMemory memory(tracee);
  if (!site || arch::emulate(registers, site->code, memory)) {
    tracee.set_registers(registers);
    return true;
  }
  if (const auto elsewhere = arch::moved(site->code); elsewhere && space.scratch != RemoteAddr{}) {
    const auto code = std::span(elsewhere->code).first(elsewhere->length);
    // Put back at once: the entry point may be still to come (a constructor is stepped over), or be looked at.
    std::array<std::byte, arch::kLongestCode> bytes;
    const auto own = std::span(bytes).first(code.size());
    if (space.breakpoints.read_code(space.scratch, own)) {
      const Breakpoints::Borrowed borrowed(space.breakpoints, space.scratch, own);
      if (space.breakpoints.write_code(space.scratch, code)) {
        const bool stepped = step_at(tracee, space.scratch, at, *elsewhere, registers, status);
        space.breakpoints.write_code(space.scratch, own);
        return stepped;
      }
    }
  }
  space.breakpoints.lift(at);
  const bool stepped = step_at(tracee, at, at, {.code = site->code}, registers, status);
  space.breakpoints.lower(at);
  return stepped;
}

} // namespace initorder
