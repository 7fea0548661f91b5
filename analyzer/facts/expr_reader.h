// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clang expressions to initorder::Expr.
#pragma once

#include "analyzer/facts/facts.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

#include <functional>
#include <string>
#include <unordered_map>

namespace initorder {

/// The structures of one translation unit, by name. Modules have structures of one name that are not the same:
/// "usrloc_api@modules/usrloc/usrloc.h" says which is meant (plain_record() of facts.h takes that off).
class RecordNames {
public:
  /// `relative` gives the path of a file as reports show it.
  explicit RecordNames(std::function<std::string(const std::string &)> relative) : relative_(std::move(relative)) {}

  /// Of the structure that `type` is, points to, or is an array of: its tag, its typedef when it has no tag, its
  /// place when it has neither.
  Symbol of(clang::QualType type);
  Symbol of(const clang::RecordDecl *record);
  /// Without its place.
  static std::string plain(const clang::RecordDecl *record);

private:
  std::string name(const clang::RecordDecl *record) const;

  std::function<std::string(const std::string &)> relative_;
  std::unordered_map<const clang::RecordDecl *, Symbol> names_; ///< by canonical declaration
};

/// The name under which a variable is known in its translation unit: "x", or "function::x" for a static local.
std::string variable_name(const clang::VarDecl *variable);

/// Reads the expressions of one function (or of one initialiser: then there are no parameters and calls).
class ExprReader {
public:
  ExprReader(clang::ASTContext &context, RecordNames &records) : context_(context), records_(records) {}

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
  RecordNames &records_;
  std::unordered_map<const clang::Expr *, std::uint32_t> calls_;
  std::unordered_map<const clang::VarDecl *, std::uint32_t> locals_;
};

/// Whether Clang lost an undeclared part of a call, and the call can still be seen: its first part is
/// a function. Null when it is not so.
const clang::DeclRefExpr *recovered_callee(const clang::RecoveryExpr *expr);

} // namespace initorder
