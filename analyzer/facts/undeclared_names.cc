// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/facts/undeclared_names.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "clang/Sema/Lookup.h"
#include "clang/Sema/Sema.h"

#include <cctype>
#include <string_view>

namespace initorder {
namespace {

constexpr unsigned kFirstLabel = 0x5eed0000; ///< unlike any label that has a value

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// The text of a file around a name: what stands after it, and the last thing before it.
struct Surroundings {
  std::string_view after;
  std::string_view before;
};

std::string_view skip_space(std::string_view text) {
  for (;;) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
      text.remove_prefix(1);
    if (!text.starts_with("/*"))
      return text;
    const std::size_t end = text.find("*/", 2);
    if (end == std::string_view::npos)
      return {};
    text.remove_prefix(end + 2);
  }
}

std::string_view drop_space_at_end(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

bool ends_in_word(std::string_view text, std::string_view word) {
  return text.ends_with(word) && (text.size() == word.size() || !is_word(text[text.size() - word.size() - 1]));
}

bool begins_name(std::string_view text) {
  return !text.empty() && (std::isalpha(static_cast<unsigned char>(text.front())) || text.front() == '_');
}

/// `NAME *x`, `(NAME *)`, `NAME *,`: a declaration or a cast, unless the words before make it a product.
bool is_pointer_type(const Surroundings &around) {
  std::string_view rest = around.after;
  while (rest.starts_with('*') || rest.starts_with("const"))
    rest = skip_space(rest.substr(rest.front() == '*' ? 1 : 5));
  if (rest.starts_with(')') || rest.starts_with(','))
    return true;
  if (!begins_name(rest) && !rest.starts_with('('))
    return false;
  if (around.before.empty())
    return true;
  const char last = around.before.back();
  if (last == ';' || last == '{' || last == '}' || last == '(' || last == ',' || last == ')' || last == '/')
    return true;
  return is_word(last) && !ends_in_word(around.before, "return");
}

/// `case NAME:`, `case A | NAME:`, `case A ... NAME:`: a label, which the language wants to be constant.
bool is_in_case_label(std::string_view before) {
  const std::size_t end = before.find_last_of(";{}:");
  const std::string_view label = skip_space(end == std::string_view::npos ? before : before.substr(end + 1));
  return label.starts_with("case") && (label.size() == 4 || !is_word(label[4]));
}

/// A macro alone on its line, before a call on the next one: no declaration.
bool stands_alone(std::string_view after, const Surroundings &around) {
  const std::size_t word = after.find_first_not_of(" \t\r\n");
  if (word == std::string_view::npos || after.substr(0, word).find('\n') == std::string_view::npos)
    return false;
  std::size_t end = 0;
  while (end < around.after.size() && is_word(around.after[end]))
    ++end;
  const char last = around.before.empty() ? ';' : around.before.back();
  return skip_space(around.after.substr(end)).starts_with('(') && (last == ';' || last == '{' || last == '}');
}

} // namespace

UndeclaredNames::Kind UndeclaredNames::kind_of(clang::SourceLocation at, llvm::StringRef name) const {
  const clang::SourceManager &sources = sema_.getSourceManager();
  const auto [file, offset] = sources.getDecomposedLoc(sources.getSpellingLoc(at));
  bool invalid = false;
  const llvm::StringRef text = sources.getBufferData(file, &invalid);
  if (invalid || offset + name.size() > text.size())
    return Kind::value;
  Surroundings around;
  around.after = skip_space(std::string_view(text).substr(offset + name.size()));
  around.before = drop_space_at_end(std::string_view(text).substr(0, offset));
  if (around.after.starts_with('('))
    return Kind::call;
  if (begins_name(around.after) && !around.after.starts_with("PRI"))
    return stands_alone(text.substr(offset + name.size()), around) ? Kind::value : Kind::type;
  if (around.after.starts_with('*') && is_pointer_type(around))
    return Kind::type;
  if (around.after.starts_with(')') && around.before.ends_with('(')) {
    const std::string_view outside = drop_space_at_end(around.before.substr(0, around.before.size() - 1));
    const std::string_view inside = skip_space(around.after.substr(1));
    if (ends_in_word(outside, "sizeof"))
      return Kind::type;
    // (NAME)x and (NAME)(x) are casts; f(NAME) and if (NAME) are not.
    const bool follows_operator = outside.empty() || (!is_word(outside.back()) && outside.back() != ')');
    if (follows_operator && (begins_name(inside) || inside.starts_with('(') || inside.starts_with('"')))
      return Kind::type;
  }
  return is_in_case_label(around.before) ? Kind::label : Kind::value;
}

/// A label must be constant and unlike the others, or Clang drops it, and with it the way there. Its value is nobody's:
/// implicit, so that it is read as unknown.
clang::NamedDecl *UndeclaredNames::declare_label(clang::SourceLocation at, clang::IdentifierInfo *id) {
  clang::ASTContext &context = sema_.getASTContext();
  if (!labels_)
    labels_ = clang::EnumDecl::Create(context, context.getTranslationUnitDecl(), at, at, nullptr, nullptr,
                                      /*IsScoped=*/false, /*IsScopedUsingClassTag=*/false, /*IsFixed=*/false);
  const llvm::APSInt value(llvm::APInt(context.getIntWidth(context.IntTy), kFirstLabel + label_count_++), false);
  return clang::EnumConstantDecl::Create(context, labels_, at, id, context.IntTy, nullptr, value);
}

bool UndeclaredNames::LookupUnqualified(clang::LookupResult &result, clang::Scope *) {
  if (sema_.getLangOpts().CPlusPlus || result.isForRedeclaration() ||
      result.getLookupKind() != clang::Sema::LookupOrdinaryName)
    return false;
  const clang::IdentifierInfo *name = result.getLookupName().getAsIdentifierInfo();
  if (!name || result.getNameLoc().isInvalid() || name->getName().starts_with("__builtin"))
    return false;
  const Kind kind = kind_of(result.getNameLoc(), name->getName());
  // The same name may be a label here and a value there.
  clang::NamedDecl *&declared = kind == Kind::label ? declared_labels_[name] : declared_[name];
  if (!declared) {
    if (kind == Kind::call) {
      declared_.erase(name);
      return false;
    }
    clang::ASTContext &context = sema_.getASTContext();
    auto *owner = context.getTranslationUnitDecl();
    auto *info = context.getTrivialTypeSourceInfo(context.IntTy);
    auto *id = const_cast<clang::IdentifierInfo *>(name);
    if (kind == Kind::label)
      declared = declare_label(result.getNameLoc(), id);
    else if (kind == Kind::type)
      declared = clang::TypedefDecl::Create(context, owner, result.getNameLoc(), result.getNameLoc(), id, info);
    else
      declared = clang::VarDecl::Create(context, owner, result.getNameLoc(), result.getNameLoc(), id, context.IntTy,
                                        info, clang::SC_Extern);
    declared->setImplicit();
  }
  result.addDecl(declared);
  result.resolveKind();
  return true;
}

} // namespace initorder
