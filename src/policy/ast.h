// Ast: one policy file as its author wrote it, nothing resolved.
//
// The journey of a policy: source text -parse-> Ast -check-> Typed -plan-> Tree -emit-> Program.
//
// Everything is kept in flat pools and referred to by index (`Range`, `ExprId`), because a policy may have a million
// statements and a heap node each would cost more than parsing them. Text is a view into the Source where it stands
// there as it is, and into `texts` where escapes had to be decoded. Spans are byte ranges of the one source.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bulk.h"
#include "src/base/source.h"

namespace writ::policy {

// A run of elements in one of the Ast's pools.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

// An identifier, a bare id or a quoted text. `text` is decoded (no quotes, escapes resolved). Empty and with an empty
// span where the author wrote none.
struct Name {
  std::string_view text;
  Span span;
  bool given() const { return span.end != span.begin; }
  // Then the span has two bytes more than the text at least.
  bool quoted() const { return given() && span.end - span.begin != text.size(); }
};

// ---------------------------------------------------------------------------------------------- expressions

using ExprId = std::uint32_t;
inline constexpr ExprId kNoExpr = 0xFFFFFFFFU;

// `kids` below is what Expr::kids lists, in order.
enum class ExprKind : std::uint8_t {
  kBool,      // true, false: `number` is 1 or 0
  kInt,       // 42, -7: `number`
  kDecimal,   // 40.00: `number` in units of 1/10000
  kString,    // "text": `text` decoded
  kTime,      // 2026-03-02T09:00:00Z: `number` in microseconds since 1970
  kDuration,  // 5m, 1h30m: `number` in microseconds
  kClock,     // 08:00 or 08:00:30: `number` in seconds since midnight, 0 to 86400 (24:00)
  kEntity,    // type:id: `text` is the type, `text2` the id
  kName,      // user, tainted, office_hours, a parameter, an action: `text`
  kField,     // kids: object; `text` is the attribute or field
  kHas,       // kids: object; `text` is the attribute. `context has key`: object is kName "context"
  kCall,      // name(args): `text`; kids: arguments. weekday, clock and defines with parameters
  kSet,       // [a, b]: kids
  kRecord,    // {a: x, b: y}: kids are the values; the names are Ast::names[names_first + i]
  kRange,     // a..b: kids: low, high (only as the right side of `in`)
  kNot,       // kids: operand
  kAnd,       // kids: two or more, flattened
  kOr,        // kids: two or more, flattened
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,  // kids: left, right
  kIn,            // kids: left, right
  kLike,          // kids: left; `text` is the glob, decoded (a backslash before * { } \ makes it literal)
  kContains,      // kids: left, right
  kCovers,        // kids: left, right
  kAdd,
  kSubtract,
  kMultiply,  // kids: left, right
  kNegate,    // kids: operand
  kAny,       // any x in S: C   kids: S, C; `text` is x
  kAll,       // all x in S: C   kids: S, C; `text` is x
  kAbove,     // folder above doc: `text` is the type; kids: the entity (only as S of any and all)
};

struct Expr {
  ExprKind kind = ExprKind::kBool;
  bool parenthesised = false;     // the author wrote parentheses around it; the span includes them
  bool quoted = false;            // kEntity: the id was quoted
  std::uint32_t names_first = 0;  // kRecord: in Ast::names
  Span span;
  Span text_span;  // of `text`, where there is one; of a number, a time or a duration as it is written
  Range kids;      // in Ast::kids
  std::int64_t number = 0;
  std::string_view text;
  std::string_view text2;  // kEntity: the id, decoded
};

// ---------------------------------------------------------------------------------------------- types

using TypeExprId = std::uint32_t;
inline constexpr TypeExprId kNoType = 0xFFFFFFFFU;

// bool, int, user: kNamed. `user or group`: kUnion of names. `set of T`: kSet with `inner`. `{a: int}`: kRecord whose
// fields are Ast::fields. The mark `?` belongs to the whole type, so it is never on `inner`.
enum class TypeExprKind : std::uint8_t { kNamed, kUnion, kSet, kRecord };

struct TypeExpr {
  TypeExprKind kind = TypeExprKind::kNamed;
  bool optional = false;
  Span span;
  Range names;  // kNamed: one; kUnion: two or more, in Ast::names
  TypeExprId inner = kNoType;
  Range fields;  // kRecord: in Ast::fields
};

// An attribute, a field of a record type or a context key.
struct Field {
  Name name;
  TypeExprId type = kNoType;
  ExprId fallback = kNoExpr;  // attribute: `= v`; context key: `absent means v`
  bool absent_none = false;   // context key: `absent means none`
  Span span;
};

// ---------------------------------------------------------------------------------------------- declarations

struct EntityDecl {
  Name name;
  bool single = false;
  bool closed = false;  // ids are listed
  Range ids;            // in Ast::names
  Range parents;        // in Ast::names
  Range attributes;     // in Ast::fields
  bool has_braces = false;
};

// `actions read, write for invoice`, `actions list for type invoice`, `actions edits = {view, rename} for list`.
struct ActionsDecl {
  Name group;     // given: a named group of already declared actions
  Range actions;  // in Ast::names
  bool for_type = false;
  Range types;  // in Ast::names
};

struct ContextDecl {
  Range keys;  // in Ast::fields
};

struct DefineDecl {
  Name name;
  Range parameters;  // in Ast::fields (no fallback)
  ExprId body = kNoExpr;
};

struct AliasDecl {
  Name name;  // quoted
  bool ceiling = false;
  Range patterns;  // in Ast::patterns
};

// ---------------------------------------------------------------------------------------------- statements

enum class IdKind : std::uint8_t {
  kNone,    // `read:profile`, `create:invoice`, `read:invoice`
  kAll,     // `read:invoice_*`
  kPrefix,  // `read:invoice_12*`
  kExact,   // `read:invoice_123`, `watch:movie_"The Gleaming"`
};

// One element of the list P of a statement. `{a,b}` are lists; `*` in place of a list is any_action or any_type.
struct Pattern {
  Span span;
  bool alias = false;       // a quoted name: `id`
  bool everything = false;  // `*` alone
  bool any_action = false;
  bool any_type = false;
  bool dotted = false;  // written `type_id.action`
  bool action_braces = false;
  bool type_braces = false;
  IdKind id_kind = IdKind::kNone;
  Range actions;  // in Ast::names: actions or groups of actions
  Range types;    // in Ast::names
  Name id;        // kPrefix: without the star; of an alias its name
};

// One element of `to W, ...`, `via A, ...` or `trust A, ...`.
struct Who {
  Span span;
  bool any = false;   // `any user`, `any agent`: type is "user" or "agent", no id
  bool last = false;  // `via last agent:x`
  Name type;
  Name id;
};

enum class ClauseKind : std::uint8_t { kFor, kOnce, kAudience, kProof, kNotify };

struct Clause {
  ClauseKind kind = ClauseKind::kFor;
  Span span;
  std::int64_t duration = 0;  // kFor, microseconds
  Name text;                  // kAudience, kNotify: quoted; kProof: `dpop`; kFor: the duration as written
};

enum class RuleKind : std::uint8_t { kAllow, kTrust, kDeny, kRequire, kLimit };

constexpr std::uint32_t size_of_keyword(RuleKind kind) {
  return kind == RuleKind::kDeny ? 4 : kind == RuleKind::kRequire ? 7 : 5;
}

// What only some statements have.
struct RuleNote {
  Name id;    // @name, without the at sign
  Name text;  // deny: because; require: ask
};
inline constexpr std::uint32_t kNoNote = 0xFFFFFFFFU;

struct Rule {
  RuleKind kind = RuleKind::kAllow;
  Span span;                     // from the keyword to the last token
  std::uint32_t note = kNoNote;  // in Ast::rule_notes
  Range patterns;                // in Ast::patterns
  Range to;                      // in Ast::whos
  Range via;                     // in Ast::whos; of a trust: the agents
  ExprId requirement = kNoExpr;  // require R before P
  ExprId condition = kNoExpr;    // if C
  Range clauses;                 // in Ast::clauses
  Span keyword() const { return {span.begin, span.begin + size_of_keyword(kind)}; }
};

// ---------------------------------------------------------------------------------------------- tests

struct TestEntity {
  Span span;
  Name type;
  Name id;                      // not given for a single type
  Range parents;                // in Ast::whos (type and id)
  ExprId attributes = kNoExpr;  // a kRecord
};

enum class Expected : std::uint8_t { kAllow, kDeny, kStepUp };

// `allow read:invoice_123 to alice via agent:claude, agent:b for 10m`. The chain is in order, nearest to the user
// first. What is not written is not asserted.
struct Expectation {
  Span span;
  Expected verdict = Expected::kAllow;
  Pattern scope;   // one concrete scope or set: no braces, no `*` actions; or an alias name
  Name user_type;  // not given: `user`
  Name user;
  Range agents;   // in Ast::whos; type is `agent` where the author left it out
  Range clauses;  // in Ast::clauses: expected lifetime and demands
  Range because;  // in Ast::names: texts, all of them expected
  Range ask;      // in Ast::names
};

// Lines of a test in the order written: `at` and `context` hold for the expectations after them.
enum class TestLineKind : std::uint8_t { kAt, kEntity, kContext, kExpectation };

struct TestLine {
  TestLineKind kind = TestLineKind::kAt;
  Span span;
  std::int64_t time = 0;     // kAt, microseconds since 1970
  std::uint32_t index = 0;   // kEntity: Ast::test_entities; kExpectation: Ast::expectations
  ExprId context = kNoExpr;  // kContext: a kRecord
};

struct TestBlock {
  Name title;
  Range lines;  // in Ast::test_lines
};

// ---------------------------------------------------------------------------------------------- the file

enum class ItemKind : std::uint8_t { kEntity, kActions, kContext, kDefine, kAlias, kRule, kTest };

// A statement in source order; `index` is into the vector of its kind.
struct Item {
  ItemKind kind = ItemKind::kRule;
  std::uint32_t index = 0;
  Span span;  // with its @id
};

struct Comment {
  Span span;              // with the `#`, without the line end
  bool own_line = false;  // nothing but white space before it on its line
};

struct Ast {
  Ast() = default;
  // Never copied: expressions are views into `texts`, whose strings keep their addresses only when they are moved.
  Ast(Ast&&) = default;
  Ast& operator=(Ast&&) = default;

  std::shared_ptr<const Source> source;
  std::uint32_t file = 0;  // index of the source in the compilation

  Bulk<Item> items;
  std::vector<EntityDecl> entities;
  std::vector<ActionsDecl> actions;
  std::vector<ContextDecl> contexts;
  std::vector<DefineDecl> defines;
  std::vector<AliasDecl> aliases;
  Bulk<Rule> rules;
  std::vector<RuleNote> rule_notes;
  std::vector<TestBlock> tests;

  Bulk<Expr> exprs;
  Bulk<ExprId> kids;
  std::vector<TypeExpr> types;
  std::vector<Field> fields;
  Bulk<Name> names;
  Bulk<Pattern> patterns;
  Bulk<Who> whos;
  Bulk<Clause> clauses;
  std::vector<TestLine> test_lines;
  std::vector<TestEntity> test_entities;
  std::vector<Expectation> expectations;
  Bulk<Comment> comments;
  std::deque<std::string> texts;  // decoded texts that do not stand in the source as they are; stable addresses

  const Expr& expr(ExprId id) const { return exprs[id]; }
  // Not given where the statement has none.
  Name id_of(const Rule& rule) const { return rule.note == kNoNote ? Name() : rule_notes[rule.note].id; }
  Name text_of(const Rule& rule) const { return rule.note == kNoNote ? Name() : rule_notes[rule.note].text; }
  ExprId kid(const Expr& parent, std::uint32_t n) const { return kids[parent.kids.first + n]; }
};

// The noun as text or JSON, for `writ dump --stage=ast`: every field, in source order, no addresses.
std::string dump_text(const Ast& ast);
std::string dump_json(const Ast& ast);

}  // namespace writ::policy
