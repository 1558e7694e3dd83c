// Builder: the Ast while it grows. The parser calls one function for each thing it has recognised, in source order,
// with the bytes that made it. What nests waits on stacks until it is whole, because the pools of the Ast hold the
// parts of one thing side by side.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/number.h"
#include "src/diagnostics/report.h"
#include "src/policy/ast.h"

namespace writ::policy {

// Brackets and prefix operators around something are at most so many; and on no way from the root of an expression to a
// leaf are more nodes than this.
inline constexpr std::uint32_t kMaxNesting = 64;

// Thrown where a statement cannot be finished. The parser reports it and takes up at the next one.
struct Fault {
  Span span;
  std::string_view name;
  std::string message;
  std::string help;
};
// Thrown where something else should stand; `expected` as in the parser's table of messages.
struct Unexpected {
  std::uint32_t offset = 0;
  std::string_view expected;
};

// Thrown where one statement alone has more errors than anyone reads.
struct TooManyErrors {
  std::uint32_t offset = 0;
};
inline constexpr std::size_t kMaxErrors = 1000;  // in one file

// What the last statement held, for saying what could have followed it.
struct Progress {
  bool any = false;
  bool is_rule = false;
  RuleKind kind = RuleKind::kAllow;
  bool to = false;
  bool via = false;
  bool via_begun = false;
  bool condition = false;
  bool clauses = false;
  bool complete = false;  // with the part that ends it
  Span first_clause;      // its word
};

class Builder {
 public:
  // `part`: what of the source is parsed.
  Builder(Ast& ast, Report& report, Span part)
      : ast_(ast),
        report_(report),
        base_(ast.source->text().data()),
        part_(part),
        errors_before_(report.error_count()) {}

  Span span(const char* begin, const char* end) const {
    return {static_cast<std::uint32_t>(begin - base_), static_cast<std::uint32_t>(end - base_)};
  }

  // ---- tokens. A gap follows each token that ends one; Spans given to what is below include it, names do not.
  void gap(Span gap) {
    if (gap.begin != token_end_) before_token_ = token_end_;
    token_end_ = gap.begin;
  }
  void comment(Span comment);
  void text_begin(Span quote) { text_begin_ = quote.begin; }
  void text_body(Span body);

  // ---- expressions
  void open(Span bracket);  // any bracket, and the sign or word of a prefix operator
  void operand_name(Span name);
  void plain_name();
  void entity_bare(Span id);
  void entity_text();
  void entity();
  void call();
  void text_value();
  void minus_sign(Span sign);
  void time_literal(Span literal);
  void clock_literal(Span literal);
  void duration_literal(Span literal);
  void decimal_literal(Span literal);
  void int_literal(Span literal);
  void set();
  void entry_name(Span name);
  void record();
  void parenthesised();
  void field(Span name);
  void has(Span name);
  void like();
  void negate();
  void negation();
  void word_name(Span name);  // of an action, or `action` or `context` itself
  template <ExprKind kKind>
  void binary() {
    parent(kKind, operands_.size() - 2);
  }
  void open_chain();
  template <ExprKind kKind>
  void chain() {
    parent(kKind, close_frame().operands);
  }
  void variable(Span name);
  void above_type(Span name);
  void above();
  template <ExprKind kKind>
  void quantifier_word(Span word) {
    open(word);
    frames_.back().quantifier = kKind;
  }
  void quantifier();

  // ---- types and fields
  void type_word(Span name);
  void named_type(Span type);
  void set_type(Span type);
  void record_type();
  void optional_mark();
  void field_word(Span name);
  void constant_part();
  void absent_none() { absent_none_ = true; }
  void field_end();

  // ---- declarations
  void begin_entity() { entity_ = EntityDecl{}; }
  void declared_type(Span name);
  void single(Span word);
  void ids_open(Span colon);
  void listed_bare(Span id);
  void listed_text();
  void ids() { entity_.ids = names_from(mark_); }
  void parents_open(Span word);
  void parent_type(Span name);
  void parents() { entity_.parents = names_from(mark_); }
  void attributes_open(Span brace);
  void attributes();
  void entity_decl(Span statement);
  void begin_actions();
  void group_name(Span name) { actions_.group = token_name(name); }
  void listed_action(Span name);
  void group_end() { close_frame(); }
  void action_names();
  void for_type() { actions_.for_type = true; }
  void listed_type(Span name) { parent_type(name); }
  void actions_decl(Span statement);
  void context_end();
  void context_decl(Span statement);
  void begin_define() { define_ = DefineDecl{}; }
  void defined_name(Span name);
  void parameters_end();
  void define_decl(Span statement);
  void begin_alias();
  void alias_name() { alias_.name = text_; }
  void alias_ceiling() { alias_.ceiling = true; }
  void alias_decl(Span statement);

  // ---- patterns
  void pattern_star() { pattern_.any_type = true; }
  void pattern_action(Span name);
  void pattern_type(Span name);
  void braces_open(Span brace);
  void brace_name(Span name) { ast_.names.push_back(token_name(name)); }
  void pattern_braces_end();
  void type_braces_end();
  void pattern_colon();
  void pattern_dot();
  void action_star() { pattern_.any_action = true; }
  void type_star() { pattern_.any_type = true; }
  void id_all() { pattern_.id_kind = IdKind::kAll; }
  void id_text();
  void id_name(Span id);
  void id_star() { pattern_.id_kind = IdKind::kPrefix; }
  void pattern_everything();
  void pattern_alias();
  void pattern(Span pattern);
  void patterns() { patterns_ = range(patterns_begin_, ast_.patterns.size()); }

  // ---- rules
  void rule_name(Span name);
  template <RuleKind kKind>
  void begin_rule(Span word) {
    begin_rule(kKind, word);
  }
  void who_any(Span name);
  void who_type(Span name) { who_.type = plain(name); }
  void who_bare(Span id) { who_.id = plain(id); }
  void who_text() { who_.id = text_; }
  void who(Span who);
  void via_last() { who_.last = true; }
  void whos_open() { whos_begin_ = ast_.whos.size(); }
  void to_part();
  void via_open();
  void via_part();
  void if_part();
  void reason() { rule_text_ = text_; }
  void lifetime(Span literal);
  void proof_kind(Span word) { clause_.text = token_name(word); }
  void clause_text() { clause_.text = text_; }
  template <ClauseKind kKind>
  void clause(Span clause) {
    this->clause(kKind, clause);
  }
  void clauses();
  void rule(Span statement);

  // ---- tests
  void begin_test(Span word);
  void test_title() { test_.title = text_; }
  void test_open(Span brace);
  void instant(Span literal);
  void at_line(Span line);
  void context_line(Span line);
  void line_type(Span name);
  void line_id(Span id) { test_entity_.id = plain(id); }
  void line_text() { test_entity_.id = text_; }
  void line_parents() { test_entity_.parents = range(whos_begin_, ast_.whos.size()); }
  void line_values() { test_entity_.attributes = pop().id; }
  void entity_line(Span line);
  template <Expected kVerdict>
  void expect() {
    begin_expectation(kVerdict);
  }
  void person_to() { take_person(expectation_.user_type, expectation_.user); }
  void person_via(Span person);
  void expect_via() { expectation_.agents = range(whos_begin_, ast_.whos.size()); }
  void reasons_open() { mark_ = ast_.names.size(); }
  void expected_reason() { ast_.names.push_back(text_); }
  void expect_because() { expectation_.because = names_from(mark_); }
  void expect_ask() { expectation_.ask = names_from(mark_); }
  void expectation(Span line);
  void test_end();

  // ---- after a fault
  std::size_t error_count() const { return report_.error_count() - errors_before_; }
  bool in_test() const { return in_test_; }
  void abandon_line();       // the line of a test that was being built
  void abandon_statement();  // and a test altogether
  void drop_last_item();     // what follows it on its line shows that it was not understood

  // ---- where the parse stands
  std::uint32_t token_end() const { return token_end_; }
  // The end of the last token that does not go past `offset`.
  std::uint32_t token_end_before(std::uint32_t offset) const {
    return token_end_ <= offset ? token_end_ : before_token_;
  }
  std::uint32_t quote() const { return text_begin_; }
  const Progress& progress() const { return progress_; }
  const Rule& unfinished_rule() const { return rule_; }
  // The innermost open bracket; an empty span if there is none.
  Span open_bracket() const;
  Span test_brace() const { return test_brace_; }

 private:
  struct Operand {
    ExprId id;
    std::uint32_t height;
  };
  struct Frame {
    Span opening;
    std::uint32_t operands;
    std::uint32_t names;
    std::uint32_t fields;
    ExprKind quantifier;
    bool bracket;
  };

  std::string_view at(Span span) const { return {base_ + span.begin, span.end - span.begin}; }
  Span token(Span with_gap) const { return {with_gap.begin, token_end_}; }
  Name plain(Span span) const { return {at(span), span}; }
  Name token_name(Span with_gap) const { return plain(token(with_gap)); }
  static Range range(std::size_t first, std::size_t end) {
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - first)};
  }
  Range names_from(std::size_t first) const { return range(first, ast_.names.size()); }

  void push(const Expr& expr);
  Operand pop();
  Frame close_frame();
  Name pop_name();
  // Makes a node of the operands from `first` on and leaves it in their place.
  void parent(Expr expr, std::size_t first);
  void parent(ExprKind kind, std::size_t first);
  void number(ExprKind kind, Span literal, ParsedNumber parsed, std::string_view malformed_name, std::string_view form);
  Span signed_span(Span literal);
  Range take_fields(std::size_t first);
  std::string_view keep(std::string text);
  void check_own_name(const Name& name, std::string_view what, bool is_type);
  void check_type_names(Range names);
  void only_once(bool again, Span where);
  void begin_rule(RuleKind kind, Span word);
  void clause(ClauseKind kind, Span clause);
  void begin_expectation(Expected verdict);
  void take_person(Name& type, Name& id);
  void add_item(ItemKind kind, std::size_t index, Span statement);
  void reserve_rest();
  void error(Span where, std::string_view name, std::string message, std::string help = {});

  Ast& ast_;
  Report& report_;
  const char* base_;
  Span part_;
  std::size_t errors_before_;

  std::uint32_t token_end_ = 0;
  std::uint32_t before_token_ = 0;
  std::uint32_t text_begin_ = 0;
  Name text_;  // the last text between quotes
  Name id_;    // the last id of an entity
  bool negative_ = false;
  std::uint32_t sign_ = 0;

  std::vector<Operand> operands_;
  std::vector<Frame> frames_;
  std::vector<Name> names_;
  std::vector<TypeExprId> types_;
  std::vector<Field> fields_;
  std::uint32_t type_words_ = 0;
  ExprId constant_ = kNoExpr;
  bool absent_none_ = false;

  EntityDecl entity_;
  ActionsDecl actions_;
  ContextDecl context_;
  DefineDecl define_;
  AliasDecl alias_;
  Pattern pattern_;
  Range patterns_;
  std::size_t patterns_begin_ = 0;
  std::size_t mark_ = 0;  // in Ast::names
  Rule rule_;
  Name rule_id_;
  Name rule_text_;
  Who who_;
  std::size_t whos_begin_ = 0;
  Clause clause_;
  std::size_t clauses_begin_ = 0;
  Range clauses_;
  TestBlock test_;
  TestEntity test_entity_;
  Expectation expectation_;
  std::int64_t instant_ = 0;
  std::size_t lines_begin_ = 0;
  Span test_word_;
  Span test_brace_;
  bool in_test_ = false;
  Progress progress_;
};

}  // namespace writ::policy
