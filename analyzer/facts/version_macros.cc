// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/facts/version_macros.h"

#include "clang/Lex/Lexer.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <utility>

namespace initorder {
namespace {

/// The value of a C integer constant; none if it is something else.
std::optional<unsigned long long> number(const std::string &text) {
  unsigned long long value = 0;
  return llvm::StringRef(text).rtrim("uUlL").getAsInteger(0, value) ? std::nullopt : std::optional(value);
}

bool compare(unsigned long long a, const std::string &op, unsigned long long b) {
  return op == "<" ? a < b : op == "<=" ? a <= b : op == ">" ? a > b : op == ">=" ? a >= b : op == "==" ? a == b : a != b;
}

const VersionMacro *find(const std::vector<VersionMacro> &macros, const std::string &name) {
  const auto found = std::ranges::find(macros, name, &VersionMacro::name);
  return found == macros.end() ? nullptr : &*found;
}

class VersionMacros : public clang::PPCallbacks {
public:
  VersionMacros(clang::Preprocessor &preprocessor, const VersionedLibrary &library, unsigned chosen,
                VersionAnswers &answers)
      : preprocessor_(preprocessor), library_(library), chosen_(library.versions[chosen]), answers_(answers) {
    answers_.resize(library.versions.size());
  }

  /// Whatever defines one of the macros, from there on all of them are the chosen version's.
  void MacroDefined(const clang::Token &name, const clang::MacroDirective *) override {
    if (!find(chosen_, name.getIdentifierInfo()->getName().str()))
      return;
    for (const VersionMacro &macro : chosen_)
      if (macro.text.empty())
        undefine(macro, name.getLocation());
      else
        define(macro, name.getLocation());
  }

  void MacroExpands(const clang::Token &name, const clang::MacroDefinition &, clang::SourceRange range,
                    const clang::MacroArgs *) override {
    if (preprocessor_.isParsingIfOrElifDirective() && is_of_tree(range.getBegin()) &&
        find(chosen_, name.getIdentifierInfo()->getName().str()))
      ++expanded_;
  }
  void Defined(const clang::Token &name, const clang::MacroDefinition &, clang::SourceRange range) override {
    if (is_of_tree(range.getBegin()) && find(chosen_, name.getIdentifierInfo()->getName().str()))
      ++expanded_;
  }

  void If(clang::SourceLocation at, clang::SourceRange condition, ConditionValueKind) override { ask(at, condition); }
  void Elif(clang::SourceLocation at, clang::SourceRange condition, ConditionValueKind, clang::SourceLocation) override {
    ask(at, condition);
  }
  void Ifdef(clang::SourceLocation at, const clang::Token &name, const clang::MacroDefinition &) override {
    ask_whether_defined(at, name);
  }
  void Ifndef(clang::SourceLocation at, const clang::Token &name, const clang::MacroDefinition &) override {
    ask_whether_defined(at, name);
  }
private:
  void define(const VersionMacro &macro, clang::SourceLocation at) {
    clang::Token value;
    value.startToken();
    value.setKind(clang::tok::numeric_constant);
    preprocessor_.CreateString(macro.text, value, at, at);
    clang::MacroInfo *info = preprocessor_.AllocateMacroInfo(at);
    info->setTokens({value}, preprocessor_.getPreprocessorAllocator());
    info->setDefinitionEndLoc(at);
    preprocessor_.appendDefMacroDirective(preprocessor_.getIdentifierInfo(macro.name), info);
  }

  void undefine(const VersionMacro &macro, clang::SourceLocation at) {
    clang::IdentifierInfo *name = preprocessor_.getIdentifierInfo(macro.name);
    if (preprocessor_.isMacroDefined(name))
      preprocessor_.appendMacroDirective(name,
                                         new (preprocessor_.getPreprocessorAllocator()) clang::UndefMacroDirective(at));
  }

  bool is_of_tree(clang::SourceLocation at) const {
    const clang::SourceManager &sources = preprocessor_.getSourceManager();
    return at.isValid() && !sources.isInSystemHeader(sources.getExpansionLoc(at));
  }

  /// What each comparison in the condition answers for each version. Others are not taken apart.
  void ask(clang::SourceLocation at, clang::SourceRange condition) {
    const unsigned asked = std::exchange(expanded_, 0);
    if (asked == 0 || !is_of_tree(at))
      return;
    const std::string text = clang::Lexer::getSourceText(clang::CharSourceRange::getTokenRange(condition),
                                                         preprocessor_.getSourceManager(), preprocessor_.getLangOpts())
                                 .str();
    static const std::regex shape(R"(\b([A-Za-z_]\w*)\s*(<=|>=|==|!=|<|>)\s*(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|defined\s*\(?\s*(\w+))");
    unsigned understood = 0;
    for (std::sregex_iterator part(text.begin(), text.end(), shape), end; part != end; ++part) {
      const bool whether_defined = (*part)[4].matched;
      const std::string name = (*part)[whether_defined ? 4 : 1];
      if (!find(chosen_, name))
        continue;
      ++understood;
      for (std::size_t v = 0; v < answers_.size(); ++v) {
        const std::string &value = find(library_.versions[v], name)->text;
        const bool yes = whether_defined ? !value.empty()
                                         : compare(number(value).value_or(0), (*part)[2], number((*part)[3]).value_or(0));
        answers_[v] += yes ? 'y' : 'n';
      }
    }
    if (understood < asked)
      tell_all_apart();
  }

  void ask_whether_defined(clang::SourceLocation at, const clang::Token &name) {
    const std::string text = name.getIdentifierInfo()->getName().str();
    if (!find(chosen_, text) || !is_of_tree(at))
      return;
    for (std::size_t v = 0; v < answers_.size(); ++v)
      answers_[v] += find(library_.versions[v], text)->text.empty() ? 'n' : 'y';
  }

  void tell_all_apart() {
    for (std::size_t v = 0; v < answers_.size(); ++v)
      answers_[v] += "?" + std::to_string(v);
  }

  clang::Preprocessor &preprocessor_;
  const VersionedLibrary &library_;
  const std::vector<VersionMacro> &chosen_;
  VersionAnswers &answers_;
  unsigned expanded_ = 0; ///< of the macros, in the condition that is being read
};

} // namespace

void choose_version(clang::Preprocessor &preprocessor, const VersionedLibrary &library, unsigned chosen,
                    VersionAnswers &answers) {
  preprocessor.addPPCallbacks(std::make_unique<VersionMacros>(preprocessor, library, chosen, answers));
}

} // namespace initorder
