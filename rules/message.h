// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A rule's message with its placeholders.
#pragma once

#include "rules/event.h"

#include <string>
#include <string_view>

namespace initorder {

/// `says` with {call}, {module}, {phase}, {function}, {effect} and {object} filled in. What is filled in is not
/// looked into again; other braces stay as they are.
std::string fill_message(std::string_view says, const Event &event);

/// The first thing in braces that fill_message() does not know, "{handle}"; empty if there is none.
std::string unknown_placeholder(std::string_view says);

} // namespace initorder
