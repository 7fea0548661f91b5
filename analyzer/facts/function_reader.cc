// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clang's own control-flow graph gives blocks, short circuits, switches and gotos; what is kept of
// each block is its calls, its assignments, what it returns and the condition it ends with.
#include "analyzer/facts/function_reader.h"

#include "analyzer/facts/stop_flags.h"

#include "clang/AST/Attr.h"
#include "clang/AST/Stmt.h"
#include "clang/Analysis/CFG.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

#include <algorithm>

namespace initorder {

using clang::dyn_cast;
using clang::isa;

namespace {

constexpr std::size_t kMaxConditionText = 90; ///< characters of a condition that a report shows

using Writers = std::unordered_map<std::string, std::unordered_set<std::string>>;

class FunctionReader {
public:
  FunctionReader(const clang::FunctionDecl *function, clang::ASTContext &context, RecordNames &records,
                 const PlaceReader &place, Writers &writers)
      : function_(function), context_(context), place_(place), writers_(writers), exprs_(context, records) {}

  std::optional<FunctionFacts> read();

private:
  void read_block(const clang::CFGBlock &block, Block &out);
  void read_statement(const clang::Stmt *statement, Block &out);
  void read_call(const clang::Expr *whole, Expr callee, std::vector<Expr> arguments, Block &out);
  void read_handed_out(const clang::Expr *argument, Block &out);
  void read_declaration(const clang::DeclStmt *statement, Block &out);
  void add_assignment(Expr target, Expr value, clang::SourceLocation at, Block &out);
  void read_edges(const clang::CFGBlock &block, Block &out);
  void read_switch_edge(const clang::CFGBlock *to, Block &out);
  std::string text_of(const clang::Expr *expr) const;

  const clang::FunctionDecl *function_;
  clang::ASTContext &context_;
  const PlaceReader &place_;
  Writers &writers_;
  ExprReader exprs_;
};

const Expr &root_of(const Expr &target) {
  const Expr *at = &target;
  while ((at->kind == Expr::Kind::field || at->kind == Expr::Kind::element) && !at->operands.empty())
    at = &at->operands.front();
  return *at;
}

std::string FunctionReader::text_of(const clang::Expr *expr) const {
  const clang::SourceManager &sources = context_.getSourceManager();
  const clang::CharSourceRange range = clang::Lexer::makeFileCharRange(
      clang::CharSourceRange::getTokenRange(sources.getExpansionRange(expr->getSourceRange()).getAsRange()), sources,
      context_.getLangOpts());
  std::string out;
  for (const char c : clang::Lexer::getSourceText(range, sources, context_.getLangOpts())) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\';
    if (!space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.size() > kMaxConditionText)
    out = out.substr(0, kMaxConditionText - 3) + "...";
  return out;
}

void FunctionReader::add_assignment(Expr target, Expr value, clang::SourceLocation at, Block &out) {
  if (const Expr &root = root_of(target); root.kind == Expr::Kind::variable)
    writers_[root.name].insert(function_->getNameAsString());
  note_escapes(value, writers_);
  Step step;
  step.kind = Step::Kind::assign;
  step.assign = {std::move(target), std::move(value), place_(at), false};
  out.steps.push_back(std::move(step));
}

void FunctionReader::read_call(const clang::Expr *whole, Expr callee, std::vector<Expr> arguments, Block &out) {
  for (const Expr &argument : arguments)
    note_escapes(argument, writers_);
  Step step;
  step.kind = Step::Kind::call;
  step.call = {exprs_.call_index(whole), std::move(callee), std::move(arguments), place_(whole->getBeginLoc())};
  out.steps.push_back(std::move(step));
}

/// What a call may write: it gets the address of a local, and not as a pointer to const. Stands before the call, so
/// that what a pack says of it comes later.
void FunctionReader::read_handed_out(const clang::Expr *argument, Block &out) {
  const clang::QualType pointee = argument->getType()->getPointeeType();
  Expr value = exprs_.read(argument);
  if (value.kind != Expr::Kind::address || (!pointee.isNull() && pointee.isConstQualified()))
    return;
  const Expr::Kind root = root_of(value.operands.front()).kind;
  if (root != Expr::Kind::local && root != Expr::Kind::parameter)
    return;
  Step step;
  step.kind = Step::Kind::assign;
  step.assign = {std::move(value.operands.front()), {}, place_(argument->getBeginLoc()), /*by_address=*/true};
  out.steps.push_back(std::move(step));
}

void FunctionReader::read_declaration(const clang::DeclStmt *statement, Block &out) {
  for (const clang::Decl *declaration : statement->decls()) {
    const auto *variable = dyn_cast<clang::VarDecl>(declaration);
    if (!variable || !variable->hasInit() || variable->isStaticLocal() || variable->hasExternalStorage())
      continue;
    Expr target;
    target.kind = Expr::Kind::local;
    target.index = exprs_.local_index(variable);
    add_assignment(std::move(target), exprs_.read(variable->getInit()), variable->getLocation(), out);
  }
}

void FunctionReader::read_statement(const clang::Stmt *statement, Block &out) {
  if (const auto *call = dyn_cast<clang::CallExpr>(statement)) {
    std::vector<Expr> arguments;
    for (const clang::Expr *argument : call->arguments()) {
      read_handed_out(argument, out);
      arguments.push_back(exprs_.read(argument));
    }
    read_call(call, exprs_.read(call->getCallee()), std::move(arguments), out);
  } else if (const auto *broken = dyn_cast<clang::RecoveryExpr>(statement)) {
    const clang::DeclRefExpr *callee = recovered_callee(broken);
    if (!callee)
      return;
    std::vector<Expr> arguments;
    for (const clang::Expr *part : broken->subExpressions().drop_front())
      arguments.push_back(exprs_.read(part));
    read_call(broken, exprs_.read(callee), std::move(arguments), out);
  } else if (const auto *op = dyn_cast<clang::BinaryOperator>(statement)) {
    if (op->isAssignmentOp())
      add_assignment(exprs_.read(op->getLHS()), op->getOpcode() == clang::BO_Assign ? exprs_.read(op->getRHS()) : Expr{},
                     op->getOperatorLoc(), out);
  } else if (const auto *unary = dyn_cast<clang::UnaryOperator>(statement)) {
    if (unary->isIncrementDecrementOp())
      add_assignment(exprs_.read(unary->getSubExpr()), Expr{}, unary->getOperatorLoc(), out);
  } else if (const auto *declarations = dyn_cast<clang::DeclStmt>(statement)) {
    read_declaration(declarations, out);
  } else if (const auto *leave = dyn_cast<clang::ReturnStmt>(statement)) {
    Step step;
    step.kind = Step::Kind::leave;
    step.assign = {{}, exprs_.read(leave->getRetValue()), place_(leave->getReturnLoc()), false};
    note_escapes(step.assign.value, writers_);
    out.steps.push_back(std::move(step));
  }
}

void FunctionReader::read_switch_edge(const clang::CFGBlock *to, Block &out) {
  Edge edge;
  edge.to = to->getBlockID();
  const clang::Stmt *label = to->getLabel();
  edge.when = Edge::When::otherwise;
  edge.implied = !label || !isa<clang::DefaultStmt>(label);
  if (const auto *one = label ? dyn_cast<clang::CaseStmt>(label) : nullptr) {
    const Expr low = exprs_.read(one->getLHS());
    const Expr high = one->getRHS() ? exprs_.read(one->getRHS()) : low;
    edge.when = Edge::When::always; // a label that is not known may be taken
    if (low.kind == Expr::Kind::integer && high.kind == Expr::Kind::integer) {
      edge.when = Edge::When::in_range;
      edge.low = low.integer;
      edge.high = high.integer;
    }
  }
  out.edges.push_back(edge);
}

void FunctionReader::read_edges(const clang::CFGBlock &block, Block &out) {
  if (block.hasNoReturnElement())
    return; // Clang leads it to the exit
  const clang::Stmt *terminator = block.getTerminatorStmt();
  if (const auto *choice = terminator ? dyn_cast<clang::SwitchStmt>(terminator) : nullptr) {
    out.condition = exprs_.read(choice->getCond());
    out.condition_text = text_of(choice->getCond());
    out.condition_at = place_(choice->getCond()->getBeginLoc());
    for (const clang::CFGBlock::AdjacentBlock &to : block.succs())
      if (to.getReachableBlock())
        read_switch_edge(to.getReachableBlock(), out);
    return;
  }
  const clang::Expr *condition = block.succ_size() == 2 ? block.getLastCondition() : nullptr;
  if (condition) {
    out.condition = exprs_.read(condition);
    out.condition_text = text_of(condition);
    out.condition_at = place_(condition->getBeginLoc());
  }
  unsigned index = 0;
  for (const clang::CFGBlock::AdjacentBlock &to : block.succs()) {
    const unsigned nth = index++;
    if (!to.getReachableBlock())
      continue;
    Edge edge;
    edge.to = to.getReachableBlock()->getBlockID();
    if (condition)
      edge.when = nth == 0 ? Edge::When::if_true : Edge::When::if_false;
    out.edges.push_back(edge);
  }
}

void FunctionReader::read_block(const clang::CFGBlock &block, Block &out) {
  for (const clang::CFGElement &element : block)
    if (const auto statement = element.getAs<clang::CFGStmt>())
      read_statement(statement->getStmt(), out);
  if (!block.hasNoReturnElement()) // Clang leads it to the exit
    read_edges(block, out);
}

/// A `return` after a loop without end is there, and nothing leads to it.
std::vector<bool> reached_from_entry(const FunctionFacts &function) {
  std::vector<bool> reached(function.blocks.size());
  std::vector<std::uint32_t> pending = {function.entry};
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    if (reached[block])
      continue;
    reached[block] = true;
    for (const Edge &edge : function.blocks[block].edges)
      pending.push_back(edge.to);
  }
  return reached;
}

/// Clang numbers blocks from the exit up: only what comes round a loop leads to the same number or a higher one.
bool has_loop(const FunctionFacts &function, const std::vector<bool> &reached) {
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
    if (reached[b] && std::ranges::any_of(function.blocks[b].edges, [&](const Edge &edge) { return edge.to >= b; }))
      return true;
  return false;
}

std::optional<FunctionFacts> FunctionReader::read() {
  clang::CFG::BuildOptions options;
  options.setAlwaysAdd(clang::Stmt::CallExprClass)
      .setAlwaysAdd(clang::Stmt::CXXMemberCallExprClass)
      .setAlwaysAdd(clang::Stmt::RecoveryExprClass)
      .setAlwaysAdd(clang::Stmt::BinaryOperatorClass)
      .setAlwaysAdd(clang::Stmt::CompoundAssignOperatorClass)
      .setAlwaysAdd(clang::Stmt::UnaryOperatorClass);
  const std::unique_ptr<clang::CFG> graph = clang::CFG::buildCFG(function_, function_->getBody(), &context_, options);
  if (!graph)
    return std::nullopt;
  FunctionFacts out;
  out.name = function_->getNameAsString();
  out.is_static = !function_->isExternallyVisible();
  out.is_constructor = function_->hasAttr<clang::ConstructorAttr>();
  out.at = place_(function_->getLocation());
  out.parameters = function_->getNumParams();
  out.entry = graph->getEntry().getBlockID();
  out.exit = graph->getExit().getBlockID();
  out.blocks.resize(graph->getNumBlockIDs());
  for (const clang::CFGBlock *block : *graph)
    read_block(*block, out.blocks[block->getBlockID()]);
  const std::vector<bool> reached = reached_from_entry(out);
  out.never_returns = !reached[out.exit];
  out.runs_for_ever = out.never_returns && has_loop(out, reached);
  find_stop_flags(out);
  return out;
}

} // namespace

void note_escapes(const Expr &expr, Writers &writers, bool of_parameters) {
  if (expr.kind == Expr::Kind::address) {
    const Expr &target = expr.operands.front(), &root = root_of(target);
    if (root.kind == Expr::Kind::variable)
      writers[root.name].insert(of_parameters && &root == &target ? kConfigurationWrites : "");
  }
  for (const Expr &operand : expr.operands)
    note_escapes(operand, writers, of_parameters);
}

std::optional<FunctionFacts> read_function(const clang::FunctionDecl *function, clang::ASTContext &context,
                                           RecordNames &records, const PlaceReader &place, Writers &writers) {
  return FunctionReader(function, context, records, place, writers).read();
}

} // namespace initorder
