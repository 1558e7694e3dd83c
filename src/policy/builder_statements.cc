// The part of Builder that is about declarations, rules and tests; expressions are in builder.cc.
#include <utility>

#include "src/policy/builder.h"
#include "src/policy/literal.h"
#include "src/policy/recover.h"
#include "src/policy/reserved.h"
#include "src/policy/token.h"

namespace writ::policy {
// ---------------------------------------------------------------------------------------------- types and fields

void Builder::type_word(Span name) {
  parent_type(name);
  ++type_words_;
}

void Builder::named_type(Span type) {
  TypeExpr expr;
  expr.kind = type_words_ == 1 ? TypeExprKind::kNamed : TypeExprKind::kUnion;
  expr.span = token(type);
  expr.names = names_from(ast_.names.size() - std::exchange(type_words_, 0));
  types_.push_back(static_cast<TypeExprId>(ast_.types.size()));
  ast_.types.push_back(expr);
}

void Builder::set_type(Span type) {
  TypeExpr expr;
  expr.kind = TypeExprKind::kSet;
  expr.span = token(type);
  expr.inner = types_.back();
  types_.back() = static_cast<TypeExprId>(ast_.types.size());
  ast_.types.push_back(expr);
}

void Builder::record_type() {
  const Frame frame = close_frame();
  TypeExpr expr;
  expr.kind = TypeExprKind::kRecord;
  expr.span = {frame.opening.begin, token_end_};
  expr.fields = take_fields(frame.fields);
  types_.push_back(static_cast<TypeExprId>(ast_.types.size()));
  ast_.types.push_back(expr);
}

void Builder::optional_mark() {
  TypeExpr& type = ast_.types[types_.back()];
  type.optional = true;
  type.span.end = token_end_;
}

void Builder::field_word(Span name) {
  names_.push_back(token_name(name));
}

void Builder::constant_part() {
  constant_ = pop().id;
}

void Builder::field_end() {
  Field field;
  field.name = pop_name();
  field.type = types_.back();
  types_.pop_back();
  field.fallback = std::exchange(constant_, kNoExpr);
  field.absent_none = std::exchange(absent_none_, false);
  field.span = {field.name.span.begin, token_end_};
  fields_.push_back(field);
}

Range Builder::take_fields(std::size_t first) {
  const std::size_t begin = ast_.fields.size();
  ast_.fields.insert(ast_.fields.end(), fields_.begin() + static_cast<std::ptrdiff_t>(first), fields_.end());
  fields_.resize(first);
  return range(begin, ast_.fields.size());
}

// ---------------------------------------------------------------------------------------------- declarations

void Builder::declared_type(Span name) {
  entity_.name = token_name(name);
  check_own_name(entity_.name, "a type", true);
}

void Builder::only_once(bool again, Span where) {
  if (again) error(token(where), "syntax", backticked(at(token(where))) + " stands here for the second time");
}

void Builder::single(Span word) {
  only_once(entity_.single, word);
  entity_.single = true;
}

void Builder::ids_open(Span colon) {
  only_once(entity_.closed, colon);
  entity_.closed = true;
  mark_ = ast_.names.size();
}

void Builder::listed_bare(Span id) {
  ast_.names.push_back(plain(id));
}

void Builder::listed_text() {
  ast_.names.push_back(text_);
}

void Builder::parents_open(Span word) {
  only_once(entity_.parents.count > 0, word);
  mark_ = ast_.names.size();
}

void Builder::parent_type(Span name) {
  ast_.names.push_back(token_name(name));
  if (is_statement_word(ast_.names.back().text)) throw Unexpected{name.begin, "a type"};
}

void Builder::attributes_open(Span brace) {
  only_once(entity_.has_braces, brace);
  entity_.has_braces = true;
  open(brace);
}

void Builder::attributes() {
  entity_.attributes = take_fields(close_frame().fields);
}

void Builder::entity_decl(Span statement) {
  ast_.entities.push_back(entity_);
  add_item(ItemKind::kEntity, ast_.entities.size() - 1, statement);
}

void Builder::begin_actions() {
  actions_ = ActionsDecl{};
  mark_ = ast_.names.size();
}

void Builder::listed_action(Span name) {
  ast_.names.push_back(token_name(name));
  const Name& action = ast_.names.back();
  if (is_statement_word(action.text)) {
    if (begins_statement(ast_.source->text(), name.begin)) throw Unexpected{name.begin, "an action"};
    error(action.span, "reserved-word", backticked(action.text) + " begins a statement and cannot name an action");
  }
}

void Builder::action_names() {
  actions_.actions = names_from(mark_);
  mark_ = ast_.names.size();
}

void Builder::actions_decl(Span statement) {
  actions_.types = names_from(mark_);
  ast_.actions.push_back(actions_);
  add_item(ItemKind::kActions, ast_.actions.size() - 1, statement);
}

void Builder::context_end() {
  context_.keys = take_fields(close_frame().fields);
  for (std::uint32_t i = 0; i < context_.keys.count; ++i) {
    check_own_name(ast_.fields[context_.keys.first + i].name, "a context key", false);
  }
}

void Builder::context_decl(Span statement) {
  ast_.contexts.push_back(context_);
  add_item(ItemKind::kContext, ast_.contexts.size() - 1, statement);
}

void Builder::defined_name(Span name) {
  define_.name = token_name(name);
  check_own_name(define_.name, "a define", false);
}

void Builder::parameters_end() {
  define_.parameters = take_fields(close_frame().fields);
  for (std::uint32_t i = 0; i < define_.parameters.count; ++i) {
    check_own_name(ast_.fields[define_.parameters.first + i].name, "a parameter", false);
  }
}

void Builder::define_decl(Span statement) {
  define_.body = pop().id;
  ast_.defines.push_back(define_);
  add_item(ItemKind::kDefine, ast_.defines.size() - 1, statement);
}

void Builder::begin_alias() {
  alias_ = AliasDecl{};
  patterns_begin_ = ast_.patterns.size();
}

void Builder::alias_decl(Span statement) {
  alias_.patterns = patterns_;
  ast_.aliases.push_back(alias_);
  add_item(ItemKind::kAlias, ast_.aliases.size() - 1, statement);
}

// ---------------------------------------------------------------------------------------------- patterns

void Builder::pattern_action(Span name) {
  pattern_.actions = {static_cast<std::uint32_t>(ast_.names.size()), 1};
  ast_.names.push_back(plain(name));
}

void Builder::pattern_type(Span name) {
  pattern_.types = {static_cast<std::uint32_t>(ast_.names.size()), 1};
  ast_.names.push_back(plain(name));
}

void Builder::braces_open(Span brace) {
  open(brace);
  mark_ = ast_.names.size();
}

void Builder::pattern_braces_end() {
  close_frame();
  // Before a dot or a colon it is not known yet of what this is a list; pattern_colon() may still change it.
  (pattern_.dotted ? pattern_.actions : pattern_.types) = names_from(mark_);
  (pattern_.dotted ? pattern_.action_braces : pattern_.type_braces) = true;
}

void Builder::type_braces_end() {
  close_frame();
  pattern_.types = names_from(mark_);
  pattern_.type_braces = true;
}

void Builder::pattern_colon() {
  if (pattern_.any_type) pattern_.any_action = true;
  if (pattern_.type_braces) {
    pattern_.actions = std::exchange(pattern_.types, {});
    pattern_.action_braces = true;
  }
  pattern_.any_type = false;
  pattern_.type_braces = false;
}

void Builder::pattern_dot() {
  pattern_.dotted = true;
  check_type_names(pattern_.types);
}

void Builder::check_type_names(Range names) {
  for (std::uint32_t i = 0; i < names.count; ++i) {
    const Name& name = ast_.names[names.first + i];
    if (name.text.find_first_of("_-") == std::string_view::npos) continue;
    error(name.span, "syntax", backticked(name.text) + " cannot be a type", "types have letters and digits only");
  }
}

void Builder::id_text() {
  pattern_.id_kind = IdKind::kExact;
  pattern_.id = text_;
}

void Builder::id_name(Span id) {
  pattern_.id_kind = IdKind::kExact;
  pattern_.id = plain(id);
}

void Builder::pattern_everything() {
  pattern_.any_type = false;
  pattern_.everything = true;
}

void Builder::pattern_alias() {
  pattern_.alias = true;
  pattern_.id = text_;
}

void Builder::pattern(Span pattern) {
  pattern_.span = token(pattern);
  ast_.patterns.push_back(std::exchange(pattern_, {}));
}

// ---------------------------------------------------------------------------------------------- rules

void Builder::rule_name(Span name) {
  rule_id_ = plain(name);
}

void Builder::begin_rule(RuleKind kind, Span word) {
  rule_ = Rule{};
  rule_.kind = kind;
  rule_.span = token(word);
  rule_text_ = {};
  patterns_begin_ = ast_.patterns.size();
  clauses_begin_ = ast_.clauses.size();
  whos_open();
  patterns_ = clauses_ = {};
  progress_ = Progress{};
  progress_.any = progress_.is_rule = true;
  progress_.kind = kind;
}

void Builder::who_any(Span name) {
  who_.any = true;
  who_.type = token_name(name);
}

void Builder::who(Span who) {
  who_.span = token(who);
  ast_.whos.push_back(std::exchange(who_, {}));
}

void Builder::to_part() {
  rule_.to = range(whos_begin_, ast_.whos.size());
  progress_.to = true;
}

void Builder::via_open() {
  whos_open();
  progress_.via_begun = true;
}

void Builder::via_part() {
  rule_.via = range(whos_begin_, ast_.whos.size());
  progress_.via = true;
}

void Builder::if_part() {
  rule_.condition = pop().id;
  progress_.condition = true;
}

void Builder::lifetime(Span literal) {
  literal = token(literal);
  const ParsedNumber parsed = parse_lifetime(at(literal));
  if (parsed.fault == NumberFault::kTooLarge) {
    error(literal, "number-too-large", backticked(at(literal)) + " does not fit into 64 bits");
  } else if (!parsed) {
    error(literal, "bad-duration", backticked(at(literal)) + " is not a duration such as 90s or 1h30m",
          "a unit stands right behind its digits");
  }
  clause_.duration = parsed.value;
  clause_.text = plain(literal);
}

void Builder::clause(ClauseKind kind, Span clause) {
  clause_.kind = kind;
  clause_.span = token(clause);
  if (ast_.clauses.size() == clauses_begin_) {
    std::uint32_t end = clause.begin;
    while (end < token_end_ && base_[end] >= 'a' && base_[end] <= 'z')
      ++end;
    progress_.first_clause = {clause.begin, end};
  }
  ast_.clauses.push_back(std::exchange(clause_, {}));
}

void Builder::clauses() {
  clauses_ = range(clauses_begin_, ast_.clauses.size());
  progress_.clauses = true;
}

void Builder::rule(Span statement) {
  progress_.complete = true;
  if (rule_.kind == RuleKind::kTrust) rule_.via = range(whos_begin_, ast_.whos.size());
  if (rule_.kind == RuleKind::kRequire) rule_.requirement = pop().id;
  rule_.patterns = patterns_;
  rule_.clauses = clauses_;
  rule_.span.end = token_end_;
  const Name id = std::exchange(rule_id_, {});
  if (id.given() || rule_text_.given()) {
    rule_.note = static_cast<std::uint32_t>(ast_.rule_notes.size());
    ast_.rule_notes.push_back({id, rule_text_});
  }
  ast_.rules.push_back(rule_);
  // The at sign stands right before the name.
  if (id.given()) statement.begin = id.span.begin - 1;
  add_item(ItemKind::kRule, ast_.rules.size() - 1, statement);
}

// ---------------------------------------------------------------------------------------------- tests

void Builder::begin_test(Span word) {
  test_ = TestBlock{};
  test_word_ = token(word);
}

void Builder::test_open(Span brace) {
  test_brace_ = token(brace);
  lines_begin_ = ast_.test_lines.size();
  in_test_ = true;
}

void Builder::at_line(Span line) {
  TestLine made;
  made.kind = TestLineKind::kAt;
  made.span = token(line);
  made.time = instant_;
  ast_.test_lines.push_back(made);
}

void Builder::context_line(Span line) {
  TestLine made;
  made.kind = TestLineKind::kContext;
  made.span = token(line);
  made.context = pop().id;
  ast_.test_lines.push_back(made);
}

void Builder::line_type(Span name) {
  // Lines end here: `deny write:x tu bob` is not an expectation and the entity bob of a type tu.
  const std::string_view between = at({token_end_, name.begin});
  if (between.find('\n') == std::string_view::npos && token_end_ != test_brace_.end) {
    throw Unexpected{name.begin, "`}`|a new line"};
  }
  test_entity_ = TestEntity{};
  test_entity_.type = plain(name);
}

void Builder::entity_line(Span line) {
  test_entity_.span = token(line);
  TestLine made;
  made.kind = TestLineKind::kEntity;
  made.span = test_entity_.span;
  made.index = static_cast<std::uint32_t>(ast_.test_entities.size());
  ast_.test_entities.push_back(test_entity_);
  ast_.test_lines.push_back(made);
}

void Builder::begin_expectation(Expected verdict) {
  expectation_ = Expectation{};
  expectation_.verdict = verdict;
  clauses_begin_ = ast_.clauses.size();
  clauses_ = {};
  whos_open();
}

void Builder::take_person(Name& type, Name& id) {
  type = std::exchange(who_.type, {});
  id = std::exchange(who_.id, {});
}

void Builder::person_via(Span person) {
  if (!who_.type.given()) who_.type.text = "agent";
  who(person);
}

void Builder::expectation(Span line) {
  expectation_.span = token(line);
  expectation_.scope = ast_.patterns.back();
  ast_.patterns.pop_back();
  expectation_.clauses = clauses_;
  TestLine made;
  made.kind = TestLineKind::kExpectation;
  made.span = expectation_.span;
  made.index = static_cast<std::uint32_t>(ast_.expectations.size());
  ast_.expectations.push_back(expectation_);
  ast_.test_lines.push_back(made);
}

void Builder::test_end() {
  in_test_ = false;
  test_.lines = range(lines_begin_, ast_.test_lines.size());
  ast_.tests.push_back(test_);
  add_item(ItemKind::kTest, ast_.tests.size() - 1, test_word_);
}

}  // namespace writ::policy
