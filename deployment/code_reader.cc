// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/code_reader.h"

#include "tracer/elf/bounded.h"

#include <algorithm>

namespace initorder::deployment {

namespace {

constexpr std::size_t kLongestInstruction = 15;

} // namespace

CodeReader::CodeReader(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts)
    : object_(object), linkage_(linkage), facts_(facts) {
  ZydisDecoderInit(&decoder_, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  ZydisDecoderEnableMode(&decoder_, ZYDIS_DECODER_MODE_CET, ZYAN_TRUE);
}

bool is_code(const elf::Object &object, FileAddr address) {
  return std::ranges::any_of(object.segments(), [&](const elf::Segment &segment) {
    return segment.executable && address >= segment.begin && address < segment.end;
  });
}

std::optional<Instruction> CodeReader::decode(FileAddr address) const {
  std::string_view bytes;
  for (std::size_t length = kLongestInstruction; length > 0 && bytes.empty(); --length) // at a segment's end
    bytes = object_.bytes(address, length);
  Instruction out;
  if (bytes.empty() || !is_code(object_, address) ||
      !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder_, bytes.data(), bytes.size(), &out.head, out.operands.data())))
    return std::nullopt;
  return out;
}

std::optional<FileAddr> CodeReader::direct_target(const Instruction &instruction, FileAddr here) {
  ZyanU64 out = 0;
  const ZydisDecodedOperand &operand = instruction.operands[0];
  if (operand.type != ZYDIS_OPERAND_TYPE_IMMEDIATE ||
      !ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&instruction.head, &operand, number(here), &out)))
    return std::nullopt;
  return FileAddr{out};
}

std::optional<FileAddr> CodeReader::word_of(const Instruction &instruction, const ZydisDecodedOperand &operand,
                                            FileAddr here, const MachineState &state) const {
  if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY)
    return std::nullopt;
  ZyanU64 out = 0;
  if (operand.mem.base == ZYDIS_REGISTER_RIP)
    return ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&instruction.head, &operand, number(here), &out))
               ? std::optional(FileAddr{out})
               : std::nullopt;
  const auto base = register_number(operand.mem.base);
  if (!base || operand.mem.index != ZYDIS_REGISTER_NONE ||
      state.registers[*base].kind != MachineValue::Kind::own_address)
    return std::nullopt;
  return FileAddr{static_cast<std::uint64_t>(state.registers[*base].number) +
                  static_cast<std::uint64_t>(operand.mem.disp.value)};
}

MachineValue CodeReader::value_in(FileAddr word) const {
  if (const auto import = linkage_.imports.find(word); import != linkage_.imports.end())
    return {MachineValue::Kind::import_address, 64, 0, &import->second};
  if (const auto field = facts_.fields.find(word); field != facts_.fields.end())
    return {MachineValue::Kind::import_address, 64, 0, &field->second};
  if (const auto pointer = linkage_.pointer(word))
    return {MachineValue::Kind::own_address, 64, static_cast<std::int64_t>(number(*pointer)), nullptr};
  return {};
}

MachineValue CodeReader::pointed_to(const Instruction &instruction, FileAddr here, const MachineState &state) const {
  const ZydisDecodedOperand &operand = instruction.operands[0];
  if (const auto word = word_of(instruction, operand, here, state))
    return value_in(*word);
  const auto name = operand.type == ZYDIS_OPERAND_TYPE_REGISTER ? register_number(operand.reg.value) : std::nullopt;
  return name ? state.registers[*name] : MachineValue{};
}

const std::string *CodeReader::imported_target(const Instruction &instruction, FileAddr here,
                                               const MachineState &state) const {
  return pointed_to(instruction, here, state).import;
}

std::optional<FileAddr> CodeReader::own_target(const Instruction &instruction, FileAddr here,
                                               const MachineState &state) const {
  if (const auto direct = direct_target(instruction, here))
    return direct;
  const MachineValue value = pointed_to(instruction, here, state);
  if (value.kind != MachineValue::Kind::own_address || !is_code(object_, FileAddr{static_cast<std::uint64_t>(value.number)}))
    return std::nullopt;
  return FileAddr{static_cast<std::uint64_t>(value.number)};
}

const std::string *CodeReader::stub_target(FileAddr address) const {
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

std::optional<std::int32_t> CodeReader::number_at(FileAddr address) const {
  return elf::load<std::int32_t>(object_.bytes(address, 4), 0);
}

std::vector<FileAddr> CodeReader::rows_of(FileAddr table, unsigned rows) const {
  std::vector<FileAddr> out;
  for (unsigned i = 0; i < rows; ++i) {
    const auto distance = number_at(FileAddr{number(table) + 4 * i});
    const FileAddr target{number(table) + static_cast<std::uint64_t>(std::int64_t{distance.value_or(0)})};
    if (!distance || !is_code(object_, target))
      return {};
    if (std::ranges::find(out, target) == out.end())
      out.push_back(target);
  }
  return out;
}

} // namespace initorder::deployment
