#include "src/policy/builder.h"

#include <algorithm>
#include <utility>

#include "src/base/civil_time.h"
#include "src/policy/literal.h"
#include "src/policy/recover.h"
#include "src/policy/reserved.h"
#include "src/policy/token.h"

namespace writ::policy {
namespace {

// A source of many statements is measured by its first ones, so that no pool is moved about as it grows.
constexpr std::size_t kSample = 1024;

bool is_literal_with_sign(ExprKind kind) {
  return kind == ExprKind::kInt || kind == ExprKind::kDecimal || kind == ExprKind::kDuration;
}

}  // namespace

// ---------------------------------------------------------------------------------------------- tokens

void Builder::comment(Span comment) {
  // Where the grammar tried two ways, the comment was seen twice.
  if (!ast_.comments.empty() && ast_.comments.back().span.begin >= comment.begin) return;
  while (comment.end > comment.begin && at(comment).back() == '\r')
    --comment.end;
  std::uint32_t before = comment.begin;
  while (before > 0 && (base_[before - 1] == ' ' || base_[before - 1] == '\t'))
    --before;
  ast_.comments.push_back({comment, before == 0 || base_[before - 1] == '\n'});
}

void Builder::text_body(Span body) {
  text_.span = {body.begin - 1, body.end + 1};
  text_.text = at(body);
  if (text_.text.find('\\') == std::string_view::npos) return;
  std::string decoded;
  if (const auto fault = decode_text(text_.text, decoded)) {
    const Span where = {body.begin + static_cast<std::uint32_t>(fault->begin),
                        body.begin + static_cast<std::uint32_t>(fault->end)};
    error(where, "bad-escape", backticked(at(where)) + " is no escape",
          "the escapes are \\\" \\\\ \\n \\t \\r and \\u{HEX}, a character other than NUL");
  }
  text_.text = keep(std::move(decoded));
}

std::string_view Builder::keep(std::string text) {
  ast_.texts.push_back(std::move(text));
  return ast_.texts.back();
}

void Builder::error(Span where, std::string_view name, std::string message, std::string help) {
  report_.error({ast_.file, where}, name, std::move(message), std::move(help));
  if (error_count() >= kMaxErrors) throw TooManyErrors{where.end};
}

// ---------------------------------------------------------------------------------------------- stacks

void Builder::open(Span bracket) {
  const char first = base_[bracket.begin];
  frames_.push_back({token(bracket), static_cast<std::uint32_t>(operands_.size()),
                     static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(fields_.size()),
                     ExprKind::kAny, first == '{' || first == '[' || first == '('});
}

void Builder::open_chain() {
  const auto first = static_cast<std::uint32_t>(operands_.size() - 1);
  frames_.push_back({{},
                     first,
                     static_cast<std::uint32_t>(names_.size()),
                     static_cast<std::uint32_t>(fields_.size()),
                     ExprKind::kAny,
                     false});
}

Builder::Frame Builder::close_frame() {
  const Frame frame = frames_.back();
  frames_.pop_back();
  return frame;
}

Span Builder::open_bracket() const {
  const auto found = std::find_if(frames_.rbegin(), frames_.rend(), [](const Frame& frame) { return frame.bracket; });
  return found == frames_.rend() ? Span{} : found->opening;
}

void Builder::push(const Expr& expr) {
  operands_.push_back({static_cast<ExprId>(ast_.exprs.size()), 1});
  ast_.exprs.push_back(expr);
}

Builder::Operand Builder::pop() {
  const Operand operand = operands_.back();
  operands_.pop_back();
  return operand;
}

Name Builder::pop_name() {
  const Name name = names_.back();
  names_.pop_back();
  return name;
}

void Builder::parent(Expr expr, std::size_t first) {
  std::uint32_t height = 0;
  expr.kids = range(ast_.kids.size(), ast_.kids.size() + operands_.size() - first);
  for (std::size_t i = first; i < operands_.size(); ++i) {
    ast_.kids.push_back(operands_[i].id);
    height = std::max(height, operands_[i].height);
  }
  if (height >= kMaxNesting) {
    throw Fault{{expr.span.begin, expr.span.begin + 1},
                "nesting-too-deep",
                "this expression nests more than 64 levels deep",
                "give its parts names with `define`"};
  }
  operands_.resize(first);
  operands_.push_back({static_cast<ExprId>(ast_.exprs.size()), height + 1});
  ast_.exprs.push_back(expr);
}

void Builder::parent(ExprKind kind, std::size_t first) {
  Expr expr;
  expr.kind = kind;
  expr.span = {ast_.exprs[operands_[first].id].span.begin, ast_.exprs[operands_.back().id].span.end};
  parent(expr, first);
}

// ---------------------------------------------------------------------------------------------- operands

void Builder::operand_name(Span name) {
  const std::string_view word = at(name);
  if (is_reserved(word) && word != "action" && word != "agents" && word != "scope" && word != "time" &&
      word != "resource" && word != "true" && word != "false") {
    throw Unexpected{name.begin, "a value"};
  }
  names_.push_back(plain(name));
}

void Builder::plain_name() {
  const Name name = pop_name();
  Expr expr;
  expr.span = name.span;
  if (name.text == "true" || name.text == "false") {
    expr.kind = ExprKind::kBool;
    expr.number = name.text == "true" ? 1 : 0;
  } else {
    expr.kind = ExprKind::kName;
    expr.text = name.text;
    expr.text_span = name.span;
  }
  push(expr);
}

void Builder::word_name(Span name) {
  Expr expr;
  expr.kind = ExprKind::kName;
  expr.span = expr.text_span = token(name);
  expr.text = at(expr.span);
  push(expr);
}

void Builder::entity_bare(Span id) {
  id_ = plain(id);
}

void Builder::entity_text() {
  id_ = text_;
}

void Builder::entity() {
  const Name type = pop_name();
  if (type.text.find('_') != std::string_view::npos) {
    error(type.span, "syntax", backticked(type.text) + " cannot be a type: it has a `_`",
          "an entity is written `type:id`, and the colon of a quantifier is followed by a space");
  }
  Expr expr;
  expr.kind = ExprKind::kEntity;
  expr.span = {type.span.begin, id_.span.end};
  expr.text = type.text;
  expr.text_span = type.span;
  expr.text2 = id_.text;
  expr.quoted = id_.quoted();
  push(expr);
}

void Builder::call() {
  const Frame frame = close_frame();
  const Name name = pop_name();
  Expr expr;
  expr.kind = ExprKind::kCall;
  expr.span = {name.span.begin, token_end_};
  expr.text = name.text;
  expr.text_span = name.span;
  parent(expr, frame.operands);
}

void Builder::text_value() {
  Expr expr;
  expr.kind = ExprKind::kString;
  expr.span = expr.text_span = text_.span;
  expr.text = text_.text;
  expr.quoted = true;
  push(expr);
}

// ---------------------------------------------------------------------------------------------- numbers

void Builder::minus_sign(Span sign) {
  negative_ = true;
  sign_ = sign.begin;
}

Span Builder::signed_span(Span literal) {
  if (std::exchange(negative_, false)) literal.begin = sign_;
  return literal;
}

void Builder::number(ExprKind kind, Span literal, ParsedNumber parsed, std::string_view malformed_name,
                     std::string_view form) {
  const std::string text = backticked(at(literal));
  switch (parsed.fault) {
    case NumberFault::kNone:
      break;
    case NumberFault::kMalformed:
      error(literal, malformed_name, text + " is not " + std::string(form));
      break;
    case NumberFault::kTooLarge:
      error(literal, "number-too-large", text + " does not fit into 64 bits");
      break;
    case NumberFault::kTooManyDecimals:
      error(literal, "too-many-decimals", text + " has more than four decimals", "decimals have at most four places");
      break;
  }
  Expr expr;
  expr.kind = kind;
  expr.span = expr.text_span = literal;
  expr.number = parsed.value;
  push(expr);
}

void Builder::time_literal(Span literal) {
  instant(literal);
  Expr expr;
  expr.kind = ExprKind::kTime;
  expr.span = expr.text_span = literal;
  expr.number = instant_;
  push(expr);
}

void Builder::instant(Span literal) {
  const ParsedNumber parsed = parse_rfc3339(at(literal));
  instant_ = parsed.value;
  if (parsed) return;
  const std::string text = backticked(at(literal));
  if (parsed.fault == NumberFault::kTooManyDecimals) {
    error(literal, "bad-time", text + " is finer than a microsecond", "a second has at most six decimals");
  } else {
    error(literal, "bad-time", text + " is not a time", "write a time as `2026-03-02T09:00:00Z`");
  }
}

void Builder::clock_literal(Span literal) {
  const auto seconds = parse_clock(at(literal));
  number(ExprKind::kClock, literal, {seconds.value_or(0), seconds ? NumberFault::kNone : NumberFault::kMalformed},
         "bad-clock", "a time of day from 00:00 to 24:00");
}

void Builder::duration_literal(Span literal) {
  literal = signed_span(literal);
  std::string_view digits = at(literal);
  const bool minus = digits.starts_with('-');
  if (minus) digits.remove_prefix(1);
  ParsedNumber parsed = parse_lifetime(digits);
  if (minus) parsed.value = -parsed.value;
  number(ExprKind::kDuration, literal, parsed, "bad-duration", "a duration such as 90s or 1h30m");
}

void Builder::decimal_literal(Span literal) {
  literal = signed_span(literal);
  number(ExprKind::kDecimal, literal, parse_decimal(at(literal)), "syntax", "a number");
}

void Builder::int_literal(Span literal) {
  literal = signed_span(literal);
  number(ExprKind::kInt, literal, parse_int(at(literal)), "syntax", "a number");
}

// ---------------------------------------------------------------------------------------------- compound expressions

void Builder::set() {
  const Frame frame = close_frame();
  Expr expr;
  expr.kind = ExprKind::kSet;
  expr.span = {frame.opening.begin, token_end_};
  parent(expr, frame.operands);
}

void Builder::entry_name(Span name) {
  names_.push_back(token_name(name));
}

void Builder::record() {
  const Frame frame = close_frame();
  Expr expr;
  expr.kind = ExprKind::kRecord;
  expr.span = {frame.opening.begin, token_end_};
  expr.names_first = static_cast<std::uint32_t>(ast_.names.size());
  ast_.names.insert(ast_.names.end(), names_.begin() + frame.names, names_.end());
  names_.resize(frame.names);
  parent(expr, frame.operands);
}

void Builder::parenthesised() {
  const Frame frame = close_frame();
  Expr& expr = ast_.exprs[operands_.back().id];
  expr.parenthesised = true;
  expr.span = {frame.opening.begin, token_end_};
}

void Builder::field(Span name) {
  Expr expr;
  expr.kind = ExprKind::kField;
  expr.text_span = token(name);
  expr.text = at(expr.text_span);
  expr.span = {ast_.exprs[operands_.back().id].span.begin, expr.text_span.end};
  parent(expr, operands_.size() - 1);
}

void Builder::has(Span name) {
  field(name);
  ast_.exprs.back().kind = ExprKind::kHas;
}

void Builder::like() {
  Expr expr;
  expr.kind = ExprKind::kLike;
  expr.text_span = text_.span;
  expr.text = text_.text;
  expr.quoted = true;
  expr.span = {ast_.exprs[operands_.back().id].span.begin, text_.span.end};
  parent(expr, operands_.size() - 1);
}

void Builder::negate() {
  const Frame frame = close_frame();
  Expr& operand = ast_.exprs[operands_.back().id];
  if (is_literal_with_sign(operand.kind) && !operand.parenthesised && operand.number >= 0) {
    operand.number = -operand.number;
    operand.span.begin = operand.text_span.begin = frame.opening.begin;
    return;
  }
  Expr expr;
  expr.kind = ExprKind::kNegate;
  expr.span = {frame.opening.begin, operand.span.end};
  parent(expr, frame.operands);
}

void Builder::negation() {
  const Frame frame = close_frame();
  Expr expr;
  expr.kind = ExprKind::kNot;
  expr.span = {frame.opening.begin, ast_.exprs[operands_.back().id].span.end};
  parent(expr, frame.operands);
}

void Builder::variable(Span name) {
  names_.push_back(token_name(name));
  check_own_name(names_.back(), "a variable", false);
}

void Builder::above_type(Span name) {
  names_.push_back(token_name(name));
}

void Builder::above() {
  const Name type = pop_name();
  Expr expr;
  expr.kind = ExprKind::kAbove;
  expr.text = type.text;
  expr.text_span = type.span;
  expr.span = {type.span.begin, ast_.exprs[operands_.back().id].span.end};
  parent(expr, operands_.size() - 1);
}

void Builder::quantifier() {
  const Frame frame = close_frame();
  const Name variable = pop_name();
  Expr expr;
  expr.kind = frame.quantifier;
  expr.text = variable.text;
  expr.text_span = variable.span;
  expr.span = {frame.opening.begin, ast_.exprs[operands_.back().id].span.end};
  parent(expr, frame.operands);
}

// ---------------------------------------------------------------------------------------------- items

void Builder::check_own_name(const Name& name, std::string_view what, bool is_type) {
  if (!(is_type ? is_reserved_type(name.text) : is_reserved(name.text))) return;
  if (begins_statement(ast_.source->text(), name.span.begin)) throw Unexpected{name.span.begin, "a name"};
  error(name.span, "reserved-word", backticked(name.text) + " is a reserved word and cannot name " + std::string(what));
}

void Builder::add_item(ItemKind kind, std::size_t index, Span statement) {
  ast_.items.push_back({kind, static_cast<std::uint32_t>(index), token(statement)});
  progress_.any = true;
  progress_.is_rule = kind == ItemKind::kRule;
  if (ast_.items.size() == kSample) reserve_rest();
}

void Builder::reserve_rest() {
  const double factor = 1.05 * (part_.end - part_.begin) / std::max(token_end_ - part_.begin, 1U);
  const auto reserve = [factor](auto& pool) {
    pool.reserve(static_cast<std::size_t>(static_cast<double>(pool.size()) * factor));
  };
  reserve(ast_.items);
  reserve(ast_.rules);
  reserve(ast_.exprs);
  reserve(ast_.kids);
  reserve(ast_.names);
  reserve(ast_.patterns);
  reserve(ast_.whos);
  reserve(ast_.clauses);
  reserve(ast_.comments);
}

void Builder::drop_last_item() {
  if (ast_.items.empty()) return;
  switch (ast_.items.back().kind) {
    case ItemKind::kEntity:
      ast_.entities.pop_back();
      break;
    case ItemKind::kActions:
      ast_.actions.pop_back();
      break;
    case ItemKind::kContext:
      ast_.contexts.pop_back();
      break;
    case ItemKind::kDefine:
      ast_.defines.pop_back();
      break;
    case ItemKind::kAlias:
      ast_.aliases.pop_back();
      break;
    case ItemKind::kRule:
      if (ast_.rules.back().note != kNoNote) ast_.rule_notes.pop_back();
      ast_.rules.pop_back();
      break;
    case ItemKind::kTest:
      ast_.tests.pop_back();
      break;
  }
  ast_.items.pop_back();
}

void Builder::abandon_line() {
  operands_.clear();
  names_.clear();
  types_.clear();
  fields_.clear();
  frames_.clear();
  negative_ = false;
  absent_none_ = false;
  constant_ = kNoExpr;
  type_words_ = 0;
  pattern_ = Pattern{};
  who_ = Who{};
  clause_ = Clause{};
  rule_id_ = Name{};
  rule_text_ = Name{};
  progress_ = Progress{};
}

void Builder::abandon_statement() {
  abandon_line();
  in_test_ = false;
}

}  // namespace writ::policy
