// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The words that a trace file has for the enumerations of a record.
#pragma once

#include "tracer/trace/record.h"

#include <array>
#include <string_view>
#include <utility>

namespace initorder::trace {

template <class T> inline constexpr std::array<std::pair<T, std::string_view>, 0> kWords{};

template <>
inline constexpr std::array kWords<Memory> = {
    std::pair{Memory::none, std::string_view("none")},      std::pair{Memory::unmapped, std::string_view("unmapped")},
    std::pair{Memory::heap, std::string_view("heap")},      std::pair{Memory::stack, std::string_view("stack")},
    std::pair{Memory::data, std::string_view("data")},      std::pair{Memory::shared, std::string_view("shared")},
    std::pair{Memory::unknown, std::string_view("unknown")}};

template <>
inline constexpr std::array kWords<ProcessStarted::How> = {
    std::pair{ProcessStarted::How::launched, std::string_view("launched")},
    std::pair{ProcessStarted::How::forked, std::string_view("forked")},
    std::pair{ProcessStarted::How::vforked, std::string_view("vforked")},
    std::pair{ProcessStarted::How::cloned, std::string_view("cloned")},
    std::pair{ProcessStarted::How::attached, std::string_view("attached")}};

template <>
inline constexpr std::array kWords<Finished::Why> = {
    std::pair{Finished::Why::all_ended, std::string_view("all-ended")},
    std::pair{Finished::Why::detached, std::string_view("detached")},
    std::pair{Finished::Why::interrupted, std::string_view("interrupted")}};

template <class T> constexpr std::string_view word_of(T value) {
  for (const auto &[known, word] : kWords<T>)
    if (known == value)
      return word;
  return {};
}

} // namespace initorder::trace
