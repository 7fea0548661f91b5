// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one instruction does to what is known of the registers.
#pragma once

#include "deployment/code_reader.h"

namespace initorder::deployment {

/// Numbers, addresses, comparisons; whatever else an instruction writes is not known afterwards.
void execute(const CodeReader &reader, const CodeFacts &facts, const Instruction &instruction, FileAddr here,
             MachineState &state);

} // namespace initorder::deployment
