// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs Clang's front end over one file at a time. The compiler's driver is asked once; after that only
// the file and its own flags change. Bodies of functions in headers are skipped unless asked for.
#include "analyzer/facts/extract.h"

#include "analyzer/facts/function_reader.h"
#include "analyzer/facts/undeclared_names.h"
#include "analyzer/facts/variants.h"
#include "analyzer/facts/version_macros.h"

#include "clang/AST/Attr.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaConsumer.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <fmt/format.h>

namespace initorder {

using clang::dyn_cast;

namespace {

/// Counts errors and keeps the first. Nothing is printed.
class ErrorCounter : public clang::DiagnosticConsumer {
public:
  ErrorCounter(unsigned &errors, std::string &first) : errors_(errors), first_(first) {}

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info) override {
    if (level < clang::DiagnosticsEngine::Error || errors_++ > 0)
      return;
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    first_ = text.str().str();
    if (info.hasSourceManager() && info.getLocation().isValid())
      first_ += fmt::format(" (line {})", info.getSourceManager().getExpansionLineNumber(info.getLocation()));
  }

private:
  unsigned &errors_;
  std::string &first_;
};

struct FileIdHash {
  std::size_t operator()(clang::FileID id) const { return id.getHashValue(); }
};

class FactsConsumer : public clang::SemaConsumer {
public:
  FactsConsumer(const ExtractContext &context, TranslationUnitFacts &out)
      : context_(context), out_(out), records_([this](const std::string &path) { return relative(path); }) {}

  void InitializeSema(clang::Sema &sema) override {
    undeclared_ = llvm::makeIntrusiveRefCnt<UndeclaredNames>(sema);
    sema.addExternalSource(undeclared_.get());
  }

  bool shouldSkipFunctionBody(clang::Decl *declaration) override {
    const clang::SourceManager &sources = declaration->getASTContext().getSourceManager();
    const clang::SourceLocation at = sources.getExpansionLoc(declaration->getLocation());
    if (sources.isInMainFile(at))
      return false;
    const auto *named = dyn_cast<clang::NamedDecl>(declaration);
    if (const auto *function = dyn_cast<clang::FunctionDecl>(declaration);
        function && function->isInlineSpecified() && function->getNumParams() == 0 &&
        function->getReturnType()->isIntegerType() && !sources.isInSystemHeader(at))
      return false; // perhaps no more than a name for what a variable says: see ExprReader
    if (context_.reads_own_headers && folder_of(sources.getFileID(at), sources) == folder_of(sources.getMainFileID(), sources))
      return false;
    return sources.isInSystemHeader(at) || !named || !named->getIdentifier() ||
           !context_.header_functions.contains(named->getName().str());
  }

  void HandleTranslationUnit(clang::ASTContext &ast) override {
    ast_ = &ast;
    out_.files.push_back(relative(main_file()));
    for (clang::Decl *declaration : ast.getTranslationUnitDecl()->decls())
      read(declaration);
  }

private:
  static std::filesystem::path folder_of(clang::FileID file, const clang::SourceManager &sources) {
    const auto entry = sources.getFileEntryRefForID(file);
    return entry ? std::filesystem::path(entry->getName().str()).lexically_normal().parent_path() : std::filesystem::path();
  }

  std::string main_file() const {
    const clang::SourceManager &sources = ast_->getSourceManager();
    return sources.getFileEntryRefForID(sources.getMainFileID())->getName().str();
  }

  std::string relative(const std::string &path) const {
    const std::filesystem::path full = std::filesystem::path(path).lexically_normal();
    const std::string shown = full.lexically_relative(context_.root).generic_string();
    return shown.empty() || shown.starts_with("..") ? full.generic_string() : shown;
  }

  FactPlace place(clang::SourceLocation location) {
    const clang::SourceManager &sources = ast_->getSourceManager();
    const clang::SourceLocation at = sources.getExpansionLoc(location);
    const clang::PresumedLoc shown = sources.getPresumedLoc(at, /*UseLineDirectives=*/false);
    if (shown.isInvalid())
      return {};
    const auto [known, added] = files_.try_emplace(shown.getFileID(), 0);
    if (added) {
      const std::string name = relative(shown.getFilename());
      const auto same = std::find(out_.files.begin(), out_.files.end(), name);
      known->second = static_cast<std::uint32_t>(same - out_.files.begin());
      if (same == out_.files.end())
        out_.files.push_back(name);
    }
    return {known->second, shown.getLine(), shown.getColumn()};
  }

  void read(clang::Decl *declaration) {
    if (auto *function = dyn_cast<clang::FunctionDecl>(declaration))
      read_function_declaration(function);
    else if (auto *variable = dyn_cast<clang::VarDecl>(declaration))
      read_variable(variable);
    else if (auto *name = dyn_cast<clang::TypedefNameDecl>(declaration))
      read_alias(name);
    else if (auto *group = dyn_cast<clang::LinkageSpecDecl>(declaration))
      for (clang::Decl *inner : group->decls())
        read(inner);
    else if (auto *space = dyn_cast<clang::NamespaceDecl>(declaration))
      for (clang::Decl *inner : space->decls())
        read(inner);
  }

  void read_function_declaration(clang::FunctionDecl *function) {
    if (!function->isThisDeclarationADefinition() || function->hasSkippedBody() || !function->getBody() ||
        !function->getIdentifier() || function->isDependentContext())
      return;
    const clang::SourceManager &sources = ast_->getSourceManager();
    if (sources.isInSystemHeader(sources.getExpansionLoc(function->getLocation())))
      return;
    auto facts = read_function(function, *ast_, records_, [this](clang::SourceLocation at) { return place(at); }, out_.writers);
    read_static_locals(function);
    if (facts)
      note_numbers(*facts);
    if (facts)
      out_.functions.push_back(std::move(*facts));
    else
      out_.lost_functions.push_back(function->getNameAsString());
  }

  /// What a variable may be, as far as this function tells.
  void note_numbers(const FunctionFacts &function) {
    const auto note = [&](const Expr &variable, const Expr &number) {
      if (variable.kind == Expr::Kind::variable && number.kind == Expr::Kind::integer)
        out_.numbers[variable.name].insert(number.integer);
    };
    for (const Block &block : function.blocks) {
      if (block.condition.kind == Expr::Kind::compare) {
        note(block.condition.operands[0], block.condition.operands[1]);
        note(block.condition.operands[1], block.condition.operands[0]);
      }
      for (const Edge &edge : block.edges)
        if (edge.when == Edge::When::in_range && edge.low == edge.high && block.condition.kind == Expr::Kind::variable)
          out_.numbers[block.condition.name].insert(edge.low);
      for (const Step &step : block.steps)
        if (step.kind == Step::Kind::assign)
          note(step.assign.target, step.assign.value);
    }
  }

  void read_static_locals(clang::FunctionDecl *function) {
    for (clang::Decl *inner : function->decls())
      if (auto *variable = dyn_cast<clang::VarDecl>(inner); variable && variable->isStaticLocal())
        read_variable(variable);
  }

  void read_variable(clang::VarDecl *variable) {
    if (!variable->getIdentifier() || variable->isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly)
      return;
    const clang::SourceManager &sources = ast_->getSourceManager();
    if (sources.isInSystemHeader(sources.getExpansionLoc(variable->getLocation())))
      return;
    VariableFacts facts;
    facts.name = variable_name(variable);
    facts.is_pointer = variable->getType()->isPointerType();
    if (!facts.is_pointer)
      facts.record = records_.of(variable->getType());
    facts.is_static = !variable->isExternallyVisible();
    facts.at = place(variable->getLocation());
    if (const clang::Expr *initialiser = variable->getInit()) {
      facts.has_initialiser = true;
      facts.initialiser = ExprReader(*ast_, records_).read(initialiser);
      note_escapes(facts.initialiser, out_.writers, context_.parameter_records.contains(plain_record(facts.record)));
    }
    out_.variables.push_back(std::move(facts));
  }

  void read_alias(clang::TypedefNameDecl *name) {
    if (!name->getIdentifier() || !context_.records.contains(name->getName().str()))
      return;
    if (const auto *record = name->getUnderlyingType()->getAs<clang::RecordType>())
      out_.aliases[name->getName().str()] = RecordNames::plain(record->getDecl());
  }

  const ExtractContext &context_;
  TranslationUnitFacts &out_;
  RecordNames records_;
  clang::ASTContext *ast_ = nullptr;
  llvm::IntrusiveRefCntPtr<UndeclaredNames> undeclared_;
  std::unordered_map<clang::FileID, std::uint32_t, FileIdHash> files_;
};

/// For each library of the context: the version that was chosen, and what the file asked.
struct ChosenVersion {
  unsigned chosen = 0;
  VersionAnswers answers;
};

class FactsAction : public clang::ASTFrontendAction {
public:
  FactsAction(const ExtractContext &context, std::vector<ChosenVersion> &versions, TranslationUnitFacts &out)
      : context_(context), versions_(versions), out_(out) {}

protected:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &compiler, llvm::StringRef) override {
    define_for_missing_headers(compiler.getPreprocessor());
    for (std::size_t l = 0; l < versions_.size(); ++l)
      choose_version(compiler.getPreprocessor(), context_.libraries[l], versions_[l].chosen, versions_[l].answers);
    return std::make_unique<FactsConsumer>(context_, out_);
  }

private:
  /// A version test on a header that is not there would silently choose the oldest branch.
  void define_for_missing_headers(clang::Preprocessor &preprocessor) const {
    std::string text = preprocessor.getPredefines();
    for (const auto &[header, defines] : context_.header_defaults) {
      clang::ConstSearchDirIterator *no_cursor = nullptr;
      const bool found = preprocessor.getHeaderSearchInfo()
                             .LookupFile(header, {}, /*isAngled=*/true, nullptr, no_cursor, {}, nullptr, nullptr,
                                         nullptr, nullptr, nullptr, nullptr)
                             .has_value();
      for (const std::string &define : found ? std::vector<std::string>{} : defines) {
        const std::size_t equals = define.find('=');
        text += fmt::format("#define {} {}\n", define.substr(0, equals),
                            equals == std::string::npos ? "1" : define.substr(equals + 1));
      }
    }
    preprocessor.setPredefines(std::move(text));
  }

  const ExtractContext &context_;
  std::vector<ChosenVersion> &versions_;
  TranslationUnitFacts &out_;
};

} // namespace

struct Extractor::Impl {
  explicit Impl(const ExtractContext &given) : context(given) {}

  Result<TranslationUnitFacts> parse(const ExtractJob &job, std::vector<ChosenVersion> &versions);
  Result<TranslationUnitFacts> read(const ExtractJob &job, std::vector<ChosenVersion> &versions, std::size_t library);

  const ExtractContext &context;
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = llvm::vfs::createPhysicalFileSystem();
};

Extractor::Extractor(const ExtractContext &context) : impl_(std::make_unique<Impl>(context)) {}
Extractor::~Extractor() = default;

Result<TranslationUnitFacts> Extractor::Impl::parse(const ExtractJob &job, std::vector<ChosenVersion> &versions) {
  std::vector<std::string> words = {"clang"};
  words.insert(words.end(), job.arguments.begin(), job.arguments.end());
  // Undeclared functions are calls by name, and what does not fit a guessed type is no reason to lose a body.
  for (const char *flag : {"-w", "-fsyntax-only", "-Wno-implicit-function-declaration", "-Wno-implicit-int",
                           "-Wno-int-conversion", "-Wno-incompatible-pointer-types", "-Wno-return-type",
                           "-Wno-incompatible-function-pointer-types", "-ferror-limit=0", "-fno-spell-checking",
                           "-resource-dir=" INITORDER_CLANG_RESOURCES})
    words.push_back(flag);
  words.push_back(job.file.string());
  std::vector<const char *> argv;
  for (const std::string &word : words)
    argv.push_back(word.c_str());

  TranslationUnitFacts out;
  ErrorCounter counter(out.errors, out.first_error);
  files->setCurrentWorkingDirectory(job.directory.string());
  clang::CreateInvocationOptions options;
  options.VFS = files;
  options.Diags = clang::CompilerInstance::createDiagnostics(new clang::DiagnosticOptions, &counter, false);
  std::shared_ptr<clang::CompilerInvocation> invocation = clang::createInvocation(argv, options);
  if (!invocation)
    return Error{Error::Kind::malformed, job.file.string(), "the compiler does not take its flags: " + out.first_error};
  invocation->getFrontendOpts().SkipFunctionBodies = true;
  invocation->getFrontendOpts().DisableFree = false;

  clang::CompilerInstance compiler;
  compiler.setInvocation(invocation);
  compiler.createDiagnostics(&counter, /*ShouldOwnClient=*/false);
  compiler.getDiagnostics().setFatalsAsError(true);
  compiler.createFileManager(files);
  FactsAction action(context, versions, out);
  compiler.ExecuteAction(action);
  if (out.files.empty())
    out.files.push_back(job.file.lexically_relative(context.root).generic_string());
  return out;
}

/// Reads the file with each wanted version of this library and those after it, but only as often as it is another file.
Result<TranslationUnitFacts> Extractor::Impl::read(const ExtractJob &job, std::vector<ChosenVersion> &versions,
                                                   std::size_t library) {
  if (library == versions.size())
    return parse(job, versions);
  const VersionedLibrary &asked = context.libraries[library];
  std::vector<FileVariant> variants;
  std::vector<VersionAnswers> answers; // of each variant
  for (const unsigned version : asked.wanted) {
    const auto same = [&](std::size_t v) { return answers[v][version] == answers[v][variants[v].values.front()]; };
    std::size_t known = 0;
    while (known < variants.size() && !same(known))
      ++known;
    if (known < variants.size()) {
      variants[known].values.push_back(version);
      continue;
    }
    versions[library] = {version, {}};
    Result<TranslationUnitFacts> facts = read(job, versions, library + 1);
    if (!facts)
      return facts;
    variants.push_back({{version}, std::move(*facts)});
    answers.push_back(versions[library].answers);
  }
  return variants.size() == 1 ? std::move(variants.front().facts) : merge_variants(std::move(variants), asked.variable);
}

Result<TranslationUnitFacts> Extractor::extract(const ExtractJob &job) {
  std::vector<ChosenVersion> versions(impl_->context.libraries.size());
  return impl_->read(job, versions, 0);
}

} // namespace initorder
