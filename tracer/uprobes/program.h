// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program that the kernel runs at a uprobe: it looks at the Slot, and copies registers and stack into the ring.
// It is put together here, instruction by instruction (kernel.org, "BPF Instruction Set Architecture"): no compiler for it is
// needed to build initorder, and no library to load it. All helpers that it calls are for programs of any licence.
#pragma once

#include "tracer/uprobes/hit.h"

#include <linux/bpf.h>

#include <vector>

namespace initorder::uprobes {

/// `stack_chunks`: how much of the stack it copies at most.
std::vector<bpf_insn> program(int slots, int ring, std::uint32_t stack_chunks);

} // namespace initorder::uprobes
