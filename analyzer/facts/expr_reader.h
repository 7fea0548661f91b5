// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clang expressions to initorder::Expr.
#pragma once

#include "analyzer/facts/facts.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

#include <unordered_map>

namespace initorder {

/// The tag of the structure that `type` is, points to, or is an array of; its typedef when it has no tag, its
/// place when it has neither.
std::string record_name(clang::QualType type);
std::string record_name(const clang::RecordDecl *record);

/// The name under which a variable is known in its translation unit: "x", or "function::x" for a static local.
std::string variable_name(const clang::VarDecl *variable);

/// Reads the expressions of one function (or of one initialiser: then there are no parameters and calls).
class ExprReader {
public:
  explicit ExprReader(clang::ASTContext &context) : context_(context) {}

  Expr read(const clang::Expr *expr);

  /// The number by which the call `expr` is known; the same for the same expression.
  std::uint32_t call_index(const clang::Expr *expr);
  std::uint32_t local_index(const clang::VarDecl *local);

private:
  Expr read_reference(const clang::ValueDecl *declaration);
  Expr read_unary(const clang::UnaryOperator *op);
  Expr read_binary(const clang::BinaryOperator *op);
  Expr read_list(const clang::InitListExpr *list);

  clang::ASTContext &context_;
  std::unordered_map<const clang::Expr *, std::uint32_t> calls_;
  std::unordered_map<const clang::VarDecl *, std::uint32_t> locals_;
};

/// Whether Clang lost an undeclared part of a call, and the call can still be seen: its first part is
/// a function. Null when it is not so.
const clang::DeclRefExpr *recovered_callee(const clang::RecoveryExpr *expr);

} // namespace initorder
