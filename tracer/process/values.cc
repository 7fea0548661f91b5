// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/values.h"

#include "tracer/memory_kind.h"

#include <algorithm>
#include <utility>

namespace initorder {

using Type = TracedArgument::Type;

static bool is_out(const TracedArgument &argument) {
  return argument.type == Type::out_integer || argument.type == Type::out_pointer;
}

static std::string text_at(const Surroundings &around, std::uint64_t address) {
  constexpr std::size_t kLongest = 256;
  const auto text = read_text(around.memory, RemoteAddr{address}, kLongest + 1);
  if (!text)
    return "";
  return text->size() > kLongest ? text->substr(0, kLongest) + "…" : *text;
}

static trace::Memory memory_at(const Surroundings &around, RemoteAddr address) {
  if (address == RemoteAddr{})
    return trace::Memory::none;
  if (!around.mappings)
    if (auto opened = elf::Mappings::open(around.process))
      around.mappings.emplace(std::move(*opened));
  const auto kind = around.mappings ? around.mappings->kind_at(address, around.layout)
                                   : Result<elf::MemoryKind>(elf::MemoryKind::unknown);
  return memory_of(kind ? *kind : elf::MemoryKind::unknown);
}

static trace::Value value_of(const std::string &name, Type type, std::uint64_t value, const Surroundings &around) {
  trace::Value out{.name = name, .number = static_cast<std::int64_t>(value)};
  switch (type) {
  case Type::skip:
  case Type::out_integer:
  case Type::out_pointer: break;
  case Type::integer: out.number = static_cast<std::int32_t>(value); break;
  case Type::pointer: out.memory = memory_at(around, RemoteAddr{value}); break;
  case Type::function:
    if (value)
      out.function = trace::Frame{.offset = value};
    break;
  case Type::text:
    if (value)
      out.text = text_at(around, value);
    break;
  }
  return out;
}

std::vector<trace::Value> values_in(const std::vector<TracedArgument> &wanted, std::span<const std::uint64_t> arguments,
                                    const Surroundings &around) {
  std::vector<trace::Value> out;
  for (std::size_t i = 0; i < wanted.size() && i < arguments.size(); ++i)
    if (wanted[i].type != Type::skip && !is_out(wanted[i]))
      out.push_back(value_of(wanted[i].name, wanted[i].type, arguments[i], around));
  return out;
}

std::vector<trace::Value> values_out(const std::vector<TracedArgument> &wanted, std::span<const std::uint64_t> arguments,
                                     const Surroundings &around) {
  std::vector<trace::Value> out;
  for (std::size_t i = 0; i < wanted.size() && i < arguments.size(); ++i) {
    if (!is_out(wanted[i]) || arguments[i] == 0)
      continue;
    const RemoteAddr from{arguments[i]};
    if (wanted[i].type == Type::out_integer) {
      if (const auto number = read_object<std::uint32_t>(around.memory, from))
        out.push_back(value_of(wanted[i].name, Type::integer, *number, around));
    } else if (const auto pointer = read_object<std::uint64_t>(around.memory, from)) {
      out.push_back(value_of(wanted[i].name, Type::pointer, *pointer, around));
    }
  }
  return out;
}

} // namespace initorder
