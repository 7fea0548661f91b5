// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One function definition to its slim control-flow graph.
#pragma once

#include "analyzer/facts/expr_reader.h"
#include "analyzer/facts/facts.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"

#include <functional>
#include <optional>

namespace initorder {

using PlaceReader = std::function<FactPlace(clang::SourceLocation)>;

/// Empty when Clang can make no graph of the body. `writers` gets the variables that the function writes
/// or whose address it takes.
std::optional<FunctionFacts>
read_function(const clang::FunctionDecl *function, clang::ASTContext &context, RecordNames &records,
              const PlaceReader &place,
              std::unordered_map<std::string, std::unordered_set<std::string>> &writers);

/// Adds the variables whose address `expr` lets out to `writers`, with an empty function name. `of_parameters`: it is a
/// table of a module's parameters, through which the configuration fills them.
void note_escapes(const Expr &expr, std::unordered_map<std::string, std::unordered_set<std::string>> &writers,
                  bool of_parameters = false);

} // namespace initorder
