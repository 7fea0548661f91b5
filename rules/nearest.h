// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names for people: quoted safely, and with what they were probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace initorder {

/// The text on one line: control characters are escaped, and what is too long is cut.
std::string one_line(std::string_view text, std::size_t longest_bytes = 200);

/// The name in single quotes, on one line.
std::string in_quotes(std::string_view name);

/// The (at most three) known names that are spelled most like `name`, as the end of a message:
/// "; nearest known: 'says', 'match', 'needs'". Empty when nothing is known.
std::string nearest(std::string_view name, std::vector<std::string> known);

} // namespace initorder
