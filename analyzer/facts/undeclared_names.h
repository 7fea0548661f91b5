// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declares what a missing header would have declared, so that the functions that use it keep their bodies.
#pragma once

#include "clang/Sema/ExternalSemaSource.h"

#include <map>

namespace initorder {

/// Asked by Clang for each name that nothing declares. In C a call of an undeclared function is declared
/// by Clang itself; this adds types ("MYSQL *connection;", "sizeof(CURL)") as int, and everything else as an
/// external int, whose value nobody knows; labels of a switch, which must be constant, as enumerators. Which one it is, is told by the words around it.
class UndeclaredNames : public clang::ExternalSemaSource {
public:
  explicit UndeclaredNames(clang::Sema &sema) : sema_(sema) {}
  bool LookupUnqualified(clang::LookupResult &result, clang::Scope *scope) override;

private:
  enum class Kind { call, type, value, label };
  Kind kind_of(clang::SourceLocation at, llvm::StringRef name) const;
  clang::NamedDecl *declare_label(clang::SourceLocation at, clang::IdentifierInfo *id);

  clang::Sema &sema_;
  std::map<const clang::IdentifierInfo *, clang::NamedDecl *> declared_;
  std::map<const clang::IdentifierInfo *, clang::NamedDecl *> declared_labels_;
  clang::EnumDecl *labels_ = nullptr; ///< that the labels are enumerators of
  unsigned label_count_ = 0;
};

} // namespace initorder
