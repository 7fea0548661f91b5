// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/facts/expr_reader.h"

#include "clang/Basic/SourceManager.h"

namespace initorder {

using clang::dyn_cast;
using clang::isa;

namespace {

Expr make(Expr::Kind kind, std::vector<Expr> operands = {}) {
  Expr out;
  out.kind = kind;
  out.operands = std::move(operands);
  return out;
}

Expr integer(std::int64_t value) {
  Expr out = make(Expr::Kind::integer);
  out.integer = value;
  return out;
}

/// Cheaper than to evaluate, and true of every constant: most expressions have a variable in them.
bool may_be_constant(const clang::Expr *expr) {
  expr = expr->IgnoreParenCasts();
  if (const auto *reference = dyn_cast<clang::DeclRefExpr>(expr))
    return (isa<clang::EnumConstantDecl>(reference->getDecl()) && !reference->getDecl()->isImplicit()) ||
           expr->getType().isConstQualified();
  if (isa<clang::MemberExpr>(expr) || isa<clang::ArraySubscriptExpr>(expr))
    return expr->getType().isConstQualified();
  if (const auto *call = dyn_cast<clang::CallExpr>(expr))
    return call->getBuiltinCallee() != 0;
  if (const auto *op = dyn_cast<clang::UnaryOperator>(expr))
    return !op->isIncrementDecrementOp() && op->getOpcode() != clang::UO_Deref && may_be_constant(op->getSubExpr());
  if (const auto *op = dyn_cast<clang::BinaryOperator>(expr))
    return !op->isAssignmentOp() && (may_be_constant(op->getLHS()) || op->getOpcode() == clang::BO_Comma) &&
           (op->isLogicalOp() || may_be_constant(op->getRHS()));
  if (const auto *choice = dyn_cast<clang::ConditionalOperator>(expr))
    return may_be_constant(choice->getCond());
  return true;
}

} // namespace

std::string RecordNames::plain(const clang::RecordDecl *record) {
  if (record->getIdentifier())
    return record->getName().str();
  const clang::TypedefNameDecl *name = record->getTypedefNameForAnonDecl();
  return name ? name->getName().str() : std::string();
}

std::string RecordNames::name(const clang::RecordDecl *record) const {
  const std::string named = plain(record);
  const clang::SourceManager &sources = record->getASTContext().getSourceManager();
  const clang::SourceLocation location = sources.getExpansionLoc(record->getLocation());
  const clang::PresumedLoc at = sources.getPresumedLoc(location, false);
  if (at.isInvalid() || sources.isInSystemHeader(location))
    return named;
  const std::string file = relative_(at.getFilename());
  return named.empty() ? "unnamed at " + file + ":" + std::to_string(at.getLine()) : named + "@" + file;
}

Symbol RecordNames::of(const clang::RecordDecl *record) {
  const auto [known, added] = names_.try_emplace(llvm::cast<clang::RecordDecl>(record->getCanonicalDecl()));
  if (added)
    known->second = name(record->getDefinition() ? record->getDefinition() : record);
  return known->second;
}

Symbol RecordNames::of(clang::QualType type) {
  if (type.isNull())
    return {};
  for (;;) {
    if (const auto *array = dyn_cast<clang::ArrayType>(type.getCanonicalType().getTypePtr()))
      type = array->getElementType();
    else if (!type->getPointeeType().isNull())
      type = type->getPointeeType();
    else
      break;
  }
  const clang::RecordType *record = type->getAs<clang::RecordType>();
  return record ? of(record->getDecl()) : Symbol();
}

std::string variable_name(const clang::VarDecl *variable) {
  if (variable->isStaticLocal())
    if (const auto *function = dyn_cast<clang::FunctionDecl>(variable->getDeclContext()))
      return function->getNameAsString() + "::" + variable->getNameAsString();
  return variable->getNameAsString();
}

const clang::DeclRefExpr *recovered_callee(const clang::RecoveryExpr *expr) {
  if (expr->subExpressions().empty())
    return nullptr;
  const auto *callee = dyn_cast<clang::DeclRefExpr>(expr->subExpressions().front()->IgnoreParenCasts());
  return callee && isa<clang::FunctionDecl>(callee->getDecl()) ? callee : nullptr;
}

std::uint32_t ExprReader::call_index(const clang::Expr *expr) {
  return calls_.try_emplace(expr, static_cast<std::uint32_t>(calls_.size())).first->second;
}

std::uint32_t ExprReader::local_index(const clang::VarDecl *local) {
  return locals_.try_emplace(local, static_cast<std::uint32_t>(locals_.size())).first->second;
}

Expr ExprReader::read_reference(const clang::ValueDecl *declaration) {
  Expr out;
  if (const auto *function = dyn_cast<clang::FunctionDecl>(declaration)) {
    out.kind = Expr::Kind::function;
    out.name = function->getNameAsString();
  } else if (const auto *parameter = dyn_cast<clang::ParmVarDecl>(declaration)) {
    out.kind = Expr::Kind::parameter;
    out.index = parameter->getFunctionScopeIndex();
  } else if (const auto *variable = dyn_cast<clang::VarDecl>(declaration)) {
    if (variable->isLocalVarDecl() && !variable->isStaticLocal() && !variable->hasExternalStorage()) {
      out.kind = Expr::Kind::local;
      out.index = local_index(variable);
    } else {
      // What no header declares may be a function that is handed on: its name will tell.
      out.kind = variable->isImplicit() ? Expr::Kind::function : Expr::Kind::variable;
      out.index = variable->isImplicit() ? 1 : 0;
      out.name = variable_name(variable);
    }
  }
  return out;
}

Expr ExprReader::read_unary(const clang::UnaryOperator *op) {
  Expr operand = read(op->getSubExpr());
  switch (op->getOpcode()) {
  case clang::UO_AddrOf:
    if (operand.kind == Expr::Kind::function || operand.kind == Expr::Kind::dereference)
      return operand.kind == Expr::Kind::function ? operand : operand.operands.front();
    return make(Expr::Kind::address, {std::move(operand)});
  case clang::UO_Deref:
    if (operand.kind == Expr::Kind::function)
      return operand;
    if (operand.kind == Expr::Kind::address)
      return operand.operands.front();
    return make(Expr::Kind::dereference, {std::move(operand)});
  case clang::UO_LNot:
    return make(Expr::Kind::logical_not, {std::move(operand)});
  case clang::UO_Plus:
  case clang::UO_Extension:
    return operand;
  default:
    return make(Expr::Kind::unknown, {std::move(operand)});
  }
}

static bool has_call(const clang::Stmt *statement) {
  if (!statement)
    return false;
  if (isa<clang::CallExpr>(statement))
    return true;
  for (const clang::Stmt *part : statement->children())
    if (has_call(part))
      return true;
  return false;
}

/// What a call returns that is no more than a name for an expression: static int is_up(void) { return up; }. Null: it is
/// more than that.
static const clang::Expr *plain_result(const clang::CallExpr *call, const clang::ASTContext &context) {
  const clang::FunctionDecl *callee = call->getDirectCallee(), *definition = nullptr;
  if (!callee || callee->getNumParams() != 0 || !callee->hasBody(definition) || definition->hasSkippedBody() ||
      definition->isExternallyVisible())
    return nullptr;
  const auto *body = dyn_cast<clang::CompoundStmt>(definition->getBody());
  const auto *leave = body && body->size() == 1 ? dyn_cast<clang::ReturnStmt>(body->body_front()) : nullptr;
  const clang::Expr *value = leave ? leave->getRetValue() : nullptr;
  // Not every call has side effects (`pure`), and one may lead back to here.
  return value && !value->HasSideEffects(context) && !has_call(value) ? value : nullptr;
}

Expr ExprReader::read_binary(const clang::BinaryOperator *op) {
  if (op->isAssignmentOp() && op->getOpcode() != clang::BO_Assign)
    return make(Expr::Kind::unknown);
  if (op->getOpcode() == clang::BO_Assign || op->getOpcode() == clang::BO_Comma)
    return read(op->getRHS());
  Expr out = make(Expr::Kind::unknown, {read(op->getLHS()), read(op->getRHS())});
  if (op->isComparisonOp())
    out.kind = Expr::Kind::compare;
  else if (op->isLogicalOp())
    out.kind = Expr::Kind::logical;
  else if (op->getOpcode() == clang::BO_And)
    out.kind = Expr::Kind::bit_and;
  else if (op->getOpcode() == clang::BO_Add || op->getOpcode() == clang::BO_Sub || op->getOpcode() == clang::BO_Or ||
           op->getOpcode() == clang::BO_Shl || op->getOpcode() == clang::BO_Shr)
    out.kind = Expr::Kind::arithmetic;
  out.name = op->getOpcodeStr().str();
  return out;
}

Expr ExprReader::read_list(const clang::InitListExpr *list) {
  if (const clang::InitListExpr *semantic = list->isSemanticForm() ? list : list->getSemanticForm())
    list = semantic;
  Expr out = make(Expr::Kind::aggregate);
  if (list->getType()->isRecordType())
    out.record = records_.of(list->getType());
  std::vector<std::string> names;
  if (const clang::RecordType *record = list->getType()->getAs<clang::RecordType>())
    for (const clang::FieldDecl *field : record->getDecl()->fields())
      if (!field->isUnnamedBitField())
        names.push_back(field->getNameAsString());
  if (const clang::FieldDecl *member = list->getInitializedFieldInUnion())
    names = {member->getNameAsString()};
  for (unsigned i = 0; i < list->getNumInits(); ++i) {
    out.fields.push_back(i < names.size() ? names[i] : std::string());
    out.operands.push_back(read(list->getInit(i)));
  }
  return out;
}

Expr ExprReader::read(const clang::Expr *expr) {
  if (!expr)
    return {};
  expr = expr->IgnoreParenCasts();
  if (expr->getType()->isIntegralOrEnumerationType() && may_be_constant(expr) && !expr->isValueDependent() &&
      !expr->containsErrors()) {
    clang::Expr::EvalResult result;
    if (expr->EvaluateAsInt(result, context_, clang::Expr::SE_NoSideEffects) && result.Val.isInt() &&
        result.Val.getInt().isRepresentableByInt64())
      return integer(result.Val.getInt().getExtValue());
    if (result.Val.isInt() && result.Val.getInt().getBitWidth() <= 64)
      return integer(static_cast<std::int64_t>(result.Val.getInt().getZExtValue()));
  }
  if (const auto *reference = dyn_cast<clang::DeclRefExpr>(expr))
    return read_reference(reference->getDecl());
  if (const auto *text = dyn_cast<clang::StringLiteral>(expr)) {
    Expr out = make(Expr::Kind::text);
    out.name = text->isOrdinary() ? text->getString().substr(0, 256).str() : std::string();
    return out;
  }
  if (const auto *call = dyn_cast<clang::CallExpr>(expr)) {
    if (const clang::FunctionDecl *callee = call->getDirectCallee();
        callee && callee->getBuiltinID() == clang::Builtin::BI__builtin_expect && call->getNumArgs() > 0)
      return read(call->getArg(0));
    if (const clang::Expr *plain = plain_result(call, context_))
      return read(plain);
    Expr out = make(Expr::Kind::call);
    out.index = call_index(call);
    return out;
  }
  if (const auto *broken = dyn_cast<clang::RecoveryExpr>(expr)) {
    if (recovered_callee(broken)) {
      Expr out = make(Expr::Kind::call);
      out.index = call_index(broken);
      return out;
    }
    return {};
  }
  if (const auto *member = dyn_cast<clang::MemberExpr>(expr)) {
    const auto *field = dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    if (field && field->isAnonymousStructOrUnion())
      return read(member->getBase());
    Expr out = make(Expr::Kind::field, {read(member->getBase())});
    out.name = member->getMemberDecl()->getNameAsString();
    if (field)
      out.record = records_.of(field->getParent());
    return out;
  }
  if (const auto *subscript = dyn_cast<clang::ArraySubscriptExpr>(expr))
    return make(Expr::Kind::element, {read(subscript->getBase())});
  if (const auto *op = dyn_cast<clang::UnaryOperator>(expr))
    return read_unary(op);
  if (const auto *op = dyn_cast<clang::BinaryOperator>(expr))
    return read_binary(op);
  if (const auto *choice = dyn_cast<clang::ConditionalOperator>(expr))
    return make(Expr::Kind::conditional,
                {read(choice->getCond()), read(choice->getTrueExpr()), read(choice->getFalseExpr())});
  if (const auto *literal = dyn_cast<clang::CompoundLiteralExpr>(expr))
    return read(literal->getInitializer());
  if (const auto *list = dyn_cast<clang::InitListExpr>(expr))
    return read_list(list);
  if (isa<clang::ImplicitValueInitExpr>(expr))
    return expr->getType()->isScalarType() ? integer(0) : make(Expr::Kind::aggregate);
  if (expr->getType()->isPointerType() && !expr->isValueDependent() && !expr->containsErrors() &&
      expr->isNullPointerConstant(context_, clang::Expr::NPC_ValueDependentIsNotNull) != clang::Expr::NPCK_NotNull)
    return integer(0);
  return {};
}

} // namespace initorder
