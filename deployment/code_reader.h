// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One object's machine code, instruction by instruction, and what its operands mean: words that relocations fill, entries
// of the procedure linkage table, tables of functions that a call has filled.
#pragma once

#include "deployment/code_walk.h"

#include <Zydis/Zydis.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace initorder::deployment {

struct Instruction {
  ZydisDecodedInstruction head;
  std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
};

/// Whether the address is in a segment that can be executed.
bool is_code(const elf::Object &object, FileAddr address);

class CodeReader {
public:
  CodeReader(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts);

  std::optional<Instruction> decode(FileAddr address) const;

  static std::optional<FileAddr> direct_target(const Instruction &instruction, FileAddr here);
  /// The word that a memory operand means: relative to the instruction, or to an address that a register holds.
  std::optional<FileAddr> word_of(const Instruction &instruction, const ZydisDecodedOperand &operand, FileAddr here,
                                  const MachineState &state) const;
  /// What the loader, or a call that fills tables, puts into a word.
  MachineValue value_in(FileAddr word) const;
  /// call *slot(%rip), call *%reg: another object's function, or a name of a table's field. Null: neither.
  const std::string *imported_target(const Instruction &instruction, FileAddr here, const MachineState &state) const;
  /// The same for a function of this object.
  std::optional<FileAddr> own_target(const Instruction &instruction, FileAddr here, const MachineState &state) const;
  /// An entry of the procedure linkage table: jmp *slot(%rip), behind an endbr64.
  const std::string *stub_target(FileAddr address) const;
  /// Where a switch goes on: the first `rows` of a table of distances from itself. Empty: it is no such table.
  std::vector<FileAddr> rows_of(FileAddr table, unsigned rows) const;
  std::optional<std::int32_t> number_at(FileAddr address) const;

private:
  MachineValue pointed_to(const Instruction &instruction, FileAddr here, const MachineState &state) const;

  const elf::Object &object_;
  const elf::Linkage &linkage_;
  const CodeFacts &facts_;
  ZydisDecoder decoder_;
};

} // namespace initorder::deployment
