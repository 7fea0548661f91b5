// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clang's lexer in raw mode. Braces tell where a function ends; where #if and #else both open one, the
// closing brace in the first column sets it right again.
#include "analyzer/prepass/file_words.h"

#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <set>

namespace initorder {
namespace {

class WordReader {
public:
  explicit WordReader(llvm::StringRef text)
      : text_(text), lexer_(clang::SourceLocation(), options(), text.begin(), text.begin(), text.end()) {}

  FileWords read();

private:
  static const clang::LangOptions &options() {
    static const clang::LangOptions kC = [] {
      clang::LangOptions out;
      out.C99 = out.C11 = out.LineComment = out.GNUMode = true;
      return out;
    }();
    return kC;
  }

  bool next() {
    before_last_ = last_;
    last_ = now_;
    return !lexer_.LexFromRawLexer(now_) || now_.isNot(clang::tok::eof);
  }
  std::string word(const clang::Token &token) const {
    return token.is(clang::tok::raw_identifier) ? token.getRawIdentifier().str() : std::string();
  }
  bool first_column() const {
    const char *at = text_.begin() + offset(now_);
    return at == text_.begin() || at[-1] == '\n';
  }
  std::size_t offset(const clang::Token &token) const { return token.getLocation().getRawEncoding(); }

  void directive();
  void note_included(llvm::StringRef path);
  void end_declaration();
  void note_word();
  void note_call();
  void end_assignment();
  void end_argument();
  void open_brace();
  void close_brace();
  void finish();

  llvm::StringRef text_;
  clang::Lexer lexer_;
  clang::Token now_{}, last_{}, before_last_{};
  FileWords out_;
  Definition current_;
  std::vector<std::string> declared_; ///< parameters and locals of the current function
  bool in_function_ = false;
  bool static_ = false;       ///< said since the last declaration at the top level
  bool assigned_ = false;     ///< since the last ';' at the top level: a brace opens an initialiser
  int braces_ = 0, parens_ = 0;
  std::string candidate_;     ///< the name before the first '(' of this declaration
  std::string field_call_;    ///< a field whose call may follow
  std::vector<std::string> parameters_;
  bool pointers_ = false;     ///< in the declaration, so far
  std::vector<std::string> calls_; ///< whose argument lists are open; "" for other parentheses
  std::string argument_;      ///< a name that may be an argument by itself
  std::string target_;        ///< left of an '='
  std::string given_;         ///< right of it, while it may be a name alone
  bool target_is_field_ = false;
};

void sort_unique(std::vector<std::string> &words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

bool contains(const std::vector<std::string> &sorted, const std::string &word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

void WordReader::finish() {
  sort_unique(current_.mentions);
  sort_unique(current_.calls);
  sort_unique(declared_);
  // A local that has a function's name hides it, unless something of this name is called.
  std::erase_if(current_.mentions, [&](const std::string &name) {
    return contains(declared_, name) && !contains(current_.calls, name);
  });
  declared_.clear();
  sort_unique(current_.field_calls);
  current_.plain = current_.plain && current_.field_calls.empty() && contains(current_.mentions, "return");
  std::sort(current_.passes.begin(), current_.passes.end());
  current_.passes.erase(std::unique(current_.passes.begin(), current_.passes.end()), current_.passes.end());
  out_.definitions.push_back(std::move(current_));
  current_ = {};
}

/// A #define is a definition of its own; other directives mention nothing. Leaves now_ at the first
/// token of the next line.
void WordReader::directive() {
  if (!next() || now_.isAtStartOfLine())
    return;
  const bool define = word(now_) == "define", include = word(now_) == "include";
  Definition macro;
  macro.own = true;
  std::string field; // perhaps called
  for (bool named = false, more = true; more;) {
    more = next() && !now_.isAtStartOfLine();
    if (!field.empty() && (!more || now_.isOneOf(clang::tok::l_paren, clang::tok::r_paren)))
      macro.field_calls.push_back(field);
    field.clear();
    if (include && more && now_.is(clang::tok::string_literal))
      note_included(llvm::StringRef(now_.getLiteralData(), now_.getLength()).trim('"'));
    if (!more || !define || now_.isNot(clang::tok::raw_identifier))
      continue;
    if (!named)
      macro.name = word(now_);
    else if (last_.isOneOf(clang::tok::period, clang::tok::arrow))
      field = word(now_);
    else {
      macro.mentions.push_back(word(now_));
      macro.calls.push_back(word(now_));
    }
    named = true;
  }
  if (macro.name.empty())
    return;
  std::swap(macro, current_);
  std::vector<std::string> declared;
  std::swap(declared, declared_);
  finish();
  std::swap(declared, declared_);
  std::swap(macro, current_);
}

void WordReader::note_included(llvm::StringRef path) {
  if (path.ends_with(".c"))
    out_.included_sources.push_back(path.substr(path.rfind('/') + 1).str());
}

/// What follows the value of an assignment tells whether it is the name that is given, or what a call
/// of it returns.
void WordReader::end_assignment() {
  if (given_.empty())
    return;
  if (now_.isOneOf(clang::tok::semi, clang::tok::comma, clang::tok::r_brace, clang::tok::r_paren))
    (target_is_field_ ? out_.field_assignments : out_.variable_assignments).emplace_back(target_, given_);
  given_.clear();
}

void WordReader::note_word() {
  const std::string name = word(now_);
  const bool member = last_.isOneOf(clang::tok::period, clang::tok::arrow);
  static_ |= !in_function_ && name == "static";
  if (in_function_) {
    if (!member) // a field is no mention of a function that has its name
      current_.mentions.push_back(name);
  } else {
    out_.top_level.push_back(name);
    if (assigned_)
      out_.tables.push_back(name);
  }
  if (!in_function_ && parens_ == 1)
    parameters_.push_back(name);
  if (in_function_ && last_.isOneOf(clang::tok::l_paren, clang::tok::comma, clang::tok::amp, clang::tok::star,
                                    clang::tok::r_paren))
    argument_ = name;
  if (!target_.empty() && last_.isOneOf(clang::tok::equal, clang::tok::amp, clang::tok::r_paren))
    given_ = name;
  field_call_ = member ? name : std::string();
}

/// `type name;`, `type name = …`: two words in a row, of which the first begins no statement.
void WordReader::end_declaration() {
  if (!in_function_ || !last_.is(clang::tok::raw_identifier) || !before_last_.is(clang::tok::raw_identifier) ||
      !now_.isOneOf(clang::tok::semi, clang::tok::equal, clang::tok::comma, clang::tok::l_square))
    return;
  if (!begins_statement(word(before_last_)))
    declared_.push_back(word(last_));
}

/// What follows a name in an argument list tells whether it is the argument, or the start of a longer one.
void WordReader::end_argument() {
  if (argument_.empty())
    return;
  if (now_.isOneOf(clang::tok::comma, clang::tok::r_paren) && !calls_.empty() && !calls_.back().empty())
    current_.passes.emplace_back(calls_.back(), argument_);
  argument_.clear();
}

/// A '(' after a name.
void WordReader::note_call() {
  if (!in_function_ || last_.isNot(clang::tok::raw_identifier))
    return;
  if (field_call_.empty())
    current_.calls.push_back(word(last_));
  else
    current_.field_calls.push_back(field_call_);
  field_call_.clear();
}

void WordReader::open_brace() {
  if (braces_++ > 0 || assigned_ || candidate_.empty())
    return;
  in_function_ = true;
  if (begins_statement(candidate_) && !out_.definitions.empty()) {
    // A brace in the first column was not the end: what follows belongs to the function before.
    current_.name = out_.definitions.back().name;
    current_.own = out_.definitions.back().own;
    return;
  }
  current_.name = candidate_;
  current_.own = static_;
  current_.parameters = std::move(parameters_);
  current_.plain = !pointers_;
  declared_ = current_.parameters;
  parameters_.clear();
}

void WordReader::close_brace() {
  braces_ = first_column() ? 0 : std::max(0, braces_ - 1);
  if (braces_ > 0)
    return;
  if (in_function_)
    finish();
  in_function_ = false;
  static_ = false;
  candidate_.clear();
  parameters_.clear();
  pointers_ = false;
  calls_.clear();
  parens_ = 0;
}

FileWords WordReader::read() {
  bool more = next();
  while (more) {
    if (now_.is(clang::tok::hash) && now_.isAtStartOfLine()) {
      directive();
      more = now_.isNot(clang::tok::eof);
      continue;
    }
    end_assignment();
    end_argument();
    end_declaration();
    switch (now_.getKind()) {
    case clang::tok::raw_identifier:
      note_word();
      break;
    case clang::tok::l_paren:
      if (braces_ == 0 && parens_ == 0 && candidate_.empty())
        candidate_ = word(last_);
      note_call();
      if (in_function_)
        calls_.push_back(word(last_));
      ++parens_;
      break;
    case clang::tok::r_paren:
      parens_ = std::max(0, parens_ - 1);
      if (!calls_.empty())
        calls_.pop_back();
      break;
    case clang::tok::equal:
      target_ = word(last_);
      target_is_field_ = before_last_.isOneOf(clang::tok::period, clang::tok::arrow);
      assigned_ |= braces_ == 0;
      break;
    case clang::tok::l_brace:
      open_brace();
      break;
    case clang::tok::r_brace:
      close_brace();
      break;
    case clang::tok::comma:
      target_.clear();
      break;
    case clang::tok::star:
      pointers_ |= !in_function_;
      break;
    case clang::tok::semi:
      target_.clear();
      if (braces_ == 0) {
        assigned_ = false;
        static_ = false;
        candidate_.clear();
        parameters_.clear();
        pointers_ = false;
        parens_ = 0;
      }
      calls_.clear();
      break;
    default:
      break;
    }
    more = next();
  }
  if (in_function_)
    finish();
  sort_unique(out_.top_level);
  sort_unique(out_.tables);
  return std::move(out_);
}

} // namespace

bool begins_statement(const std::string &word) {
  static const std::set<std::string> kWords = {"case", "do", "else", "for", "goto", "if", "return", "sizeof", "switch", "while"};
  return kWords.contains(word);
}

FileWords read_words(const std::filesystem::path &file) {
  auto text = llvm::MemoryBuffer::getFile(file.string());
  if (!text)
    return {};
  return WordReader((*text)->getBuffer()).read();
}

} // namespace initorder
