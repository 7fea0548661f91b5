// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// #!ifexp and #!defexp: numbers, texts and definitions, compared and joined.
#pragma once

#include "config/dialect.h"

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace initorder::config {

using ExpressionValue = std::variant<double, std::string>;

/// What the expression is; none: it asks for something that is not known here, or is none.
std::optional<ExpressionValue> evaluate(const std::string &text, const std::map<std::string, Definition> &definitions);

/// A number other than 0, a text that is not empty.
bool is_true(const ExpressionValue &value);
std::string text_of(const ExpressionValue &value);

} // namespace initorder::config
