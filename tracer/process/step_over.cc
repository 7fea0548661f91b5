// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Three ways, the cheapest first:
//   1. do it on the registers: no further stop;
//   2. run a copy of it where nothing else runs, the program's entry point: one step, the breakpoint stays;
//   3. take the breakpoint away for one step: a second thread could pass meanwhile.
#include "tracer/process/step_over.h"

#include <span>

#include <sys/ptrace.h>

namespace initorder {
namespace {

class TraceeMemory final : public arch::CodeMemory {
public:
  TraceeMemory(const Tracee &tracee, AddressSpace &space) : tracee_(tracee), space_(space) {}
  bool load(RemoteAddr from, std::span<std::byte> out) const override {
    return space_.memory.read(from, out).has_value();
  }
  bool store(RemoteAddr to, std::uint64_t value, unsigned bytes) override {
    if (bytes != 8)
      return false;
    return ptrace(PTRACE_POKEDATA, tracee_.tid(), number(to), value) == 0;
  }

private:
  const Tracee &tracee_;
  AddressSpace &space_;
};

/// Steps with pc at `run_at`, then moves pc back to where the instruction really stands.
bool step_at(const Tracee &tracee, RemoteAddr run_at, RemoteAddr at, arch::Registers registers, int &status) {
  arch::set_pc(registers, run_at);
  tracee.set_registers(registers);
  const bool stepped = tracee.step(status);
  if (auto after = tracee.registers()) {
    arch::set_pc(*after, at + (number(arch::pc(*after)) - number(run_at)));
    tracee.set_registers(*after);
  }
  return stepped;
}

} // namespace

bool step_over(const Tracee &tracee, AddressSpace &space, RemoteAddr at, arch::Registers registers, int &status) {
  const Breakpoints::Site *site = space.breakpoints.at(at);
  const bool moved = arch::pc(registers) != at; // a return was done by the watcher
  TraceeMemory memory(tracee, space);
  if (!site || moved || arch::emulate(registers, site->code, memory)) {
    tracee.set_registers(registers);
    return true;
  }
  const auto length = arch::relocatable(site->code);
  if (length && space.scratch != RemoteAddr{} && space.breakpoints.write_code(space.scratch, std::span(site->code).first(*length)))
    return step_at(tracee, space.scratch, at, registers, status);
  space.breakpoints.lift(at);
  const bool stepped = step_at(tracee, at, at, registers, status);
  space.breakpoints.lower(at);
  return stepped;
}

} // namespace initorder
