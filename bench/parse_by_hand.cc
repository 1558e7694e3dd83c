#include "bench/parse_by_hand.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "src/policy/reserved.h"

namespace writ::bench {
namespace {

using policy::Ast;
using policy::Expr;
using policy::ExprId;
using policy::ExprKind;
using policy::Name;
using policy::Range;

enum Class : unsigned char { kOther = 0, kLetter = 1, kDigit = 2, kUnderscore = 4, kHyphen = 8, kOtherOfId = 16 };

struct Classes {
  unsigned char of[256] = {};
  constexpr Classes() {
    for (int c = 'a'; c <= 'z'; ++c)
      of[c] = of[c - 'a' + 'A'] = kLetter;
    for (int c = '0'; c <= '9'; ++c)
      of[c] = kDigit;
    of[static_cast<int>('_')] = kUnderscore;
    of[static_cast<int>('-')] = kHyphen;
    for (const char c : {'.', '~', '@', '/', '+', '='})
      of[static_cast<int>(c)] = kOtherOfId;
  }
};
constexpr Classes kClasses;

constexpr unsigned kType = kLetter | kDigit;
constexpr unsigned kWord = kType | kUnderscore;
constexpr unsigned kAction = kWord | kHyphen;
constexpr unsigned kId = kAction | kOtherOfId;
constexpr std::size_t kSample = 1024;

class ByHand {
 public:
  explicit ByHand(std::shared_ptr<const Source> source)
      : base_(source->text().data()), at_(base_), end_(base_ + source->text().size()) {
    ast_.source = std::move(source);
  }

  std::optional<Ast> run() {
    gap();
    while (at_ != end_) {
      const char* const begin = at_;
      const std::string_view word = take(kWord);
      gap();
      const bool good = word == "allow"    ? allow(begin)
                        : word == "entity" ? entity(begin)
                                           : word == "actions" && actions(begin);
      if (!good) return std::nullopt;
      if (ast_.items.size() == kSample) reserve();
    }
    return std::move(ast_);
  }

 private:
  static bool is(char c, unsigned classes) { return (kClasses.of[static_cast<unsigned char>(c)] & classes) != 0; }
  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - base_); }
  template <class Pool>
  static std::uint32_t count(const Pool& pool) {
    return static_cast<std::uint32_t>(pool.size());
  }

  // White space and comments; what stood before them ended here.
  void gap() {
    token_end_ = at_;
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r'))
      ++at_;
    while (at_ != end_ && *at_ == '#' && at_ != token_end_) {
      const char* const begin = at_;
      at_ = std::find(at_, end_, '\n');
      ast_.comments.push_back({{offset(begin), offset(at_)}, begin == base_ || begin[-1] == '\n'});
      while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r'))
        ++at_;
    }
  }
  std::string_view take(unsigned classes) {
    const char* const begin = at_;
    while (at_ != end_ && is(*at_, classes))
      ++at_;
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }
  // A name begins with a letter.
  bool name(unsigned classes, Name& out) {
    if (at_ == end_ || !is(*at_, kLetter)) return false;
    out = named(take(classes));
    return true;
  }
  Name named(std::string_view text) const {
    const std::uint32_t begin = offset(text.data());
    return {text, {begin, begin + static_cast<std::uint32_t>(text.size())}};
  }
  bool mark(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool keyword(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word) return false;
    if (at_ + word.size() != end_ && is(at_[word.size()], kWord)) return false;
    at_ += word.size();
    gap();
    return true;
  }

  void item(policy::ItemKind kind, std::uint32_t index, const char* begin) {
    ast_.items.push_back({kind, index, {offset(begin), offset(token_end_)}});
  }

  bool entity(const char* begin) {
    policy::EntityDecl decl;
    if (!name(kType, decl.name) || policy::is_reserved_type(decl.name.text)) return false;
    gap();
    ast_.entities.push_back(decl);
    item(policy::ItemKind::kEntity, count(ast_.entities) - 1, begin);
    return true;
  }

  bool actions(const char* begin) {
    policy::ActionsDecl decl;
    Name action, type;
    if (!name(kAction, action) || policy::is_statement_word(action.text)) return false;
    gap();
    if (!keyword("for") || !name(kType, type) || policy::is_statement_word(type.text)) return false;
    gap();
    decl.actions = {count(ast_.names), 1};
    decl.types = {count(ast_.names) + 1, 1};
    ast_.names.push_back(action);
    ast_.names.push_back(type);
    ast_.actions.push_back(decl);
    item(policy::ItemKind::kActions, count(ast_.actions) - 1, begin);
    return true;
  }

  bool allow(const char* begin) {
    policy::Rule rule;
    rule.patterns = {count(ast_.patterns), 1};
    if (!pattern()) return false;
    if (keyword("to")) {
      rule.to = {count(ast_.whos), 1};
      if (!who()) return false;
    }
    if (keyword("if")) {
      if (!condition(rule.condition)) return false;
    }
    rule.span = {offset(begin), offset(token_end_)};
    ast_.rules.push_back(rule);
    item(policy::ItemKind::kRule, count(ast_.rules) - 1, begin);
    return true;
  }

  bool pattern() {
    policy::Pattern pattern;
    Name action, type;
    const char* const begin = at_;
    if (!name(kAction, action) || !mark(':') || !name(kType, type) || !mark('_')) return false;
    const std::string_view id = take(kId);
    if (id.empty()) return false;
    pattern.actions = {count(ast_.names), 1};
    pattern.types = {count(ast_.names) + 1, 1};
    ast_.names.push_back(action);
    ast_.names.push_back(type);
    pattern.id_kind = policy::IdKind::kExact;
    pattern.id = named(id);
    gap();
    pattern.span = {offset(begin), offset(token_end_)};
    ast_.patterns.push_back(pattern);
    return true;
  }

  bool who() {
    policy::Who who;
    if (!name(kType, who.type) || !mark(':')) return false;
    const std::string_view id = take(kId);
    if (id.empty()) return false;
    who.id = named(id);
    gap();
    who.span = {who.type.span.begin, offset(token_end_)};
    ast_.whos.push_back(who);
    return true;
  }

  ExprId push(const Expr& expr) {
    ast_.exprs.push_back(expr);
    return count(ast_.exprs) - 1;
  }

  bool condition(ExprId& out) {
    std::vector<ExprId>& parts = parts_;
    parts.clear();
    do {
      ExprId part;
      if (!comparison(part)) return false;
      parts.push_back(part);
    } while (keyword("and"));
    out = parts.front();
    if (parts.size() == 1) return true;
    Expr expr;
    expr.kind = ExprKind::kAnd;
    expr.span = {ast_.exprs[parts.front()].span.begin, ast_.exprs[parts.back()].span.end};
    expr.kids = {count(ast_.kids), count(parts)};
    ast_.kids.insert(ast_.kids.end(), parts.begin(), parts.end());
    out = push(expr);
    return true;
  }

  bool comparison(ExprId& out) {
    ExprId left, right;
    if (!operand(left)) return false;
    Expr expr;
    if (!operation(expr.kind)) {
      out = left;
      return true;
    }
    if (!operand(right)) return false;
    expr.span = {ast_.exprs[left].span.begin, ast_.exprs[right].span.end};
    expr.kids = {count(ast_.kids), 2};
    ast_.kids.push_back(left);
    ast_.kids.push_back(right);
    out = push(expr);
    return true;
  }

  bool operation(ExprKind& kind) {
    if (at_ == end_) return false;
    const bool equals = at_ + 1 != end_ && at_[1] == '=';
    switch (*at_) {
      case '<':
        kind = equals ? ExprKind::kLessEqual : ExprKind::kLess;
        break;
      case '>':
        kind = equals ? ExprKind::kGreaterEqual : ExprKind::kGreater;
        break;
      case '=':
        if (!equals) return false;
        kind = ExprKind::kEqual;
        break;
      default:
        return false;
    }
    at_ += equals ? 2 : 1;
    gap();
    return true;
  }

  bool operand(ExprId& out) {
    if (at_ == end_) return false;
    return is(*at_, kDigit) ? number(out) : path(out);
  }

  bool number(ExprId& out) {
    const std::string_view digits = take(kDigit);
    if (at_ != end_ && is(*at_, kWord | kOtherOfId)) return false;
    Expr expr;
    expr.kind = ExprKind::kInt;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), expr.number).ec != std::errc()) return false;
    expr.span = expr.text_span = named(digits).span;
    gap();
    out = push(expr);
    return true;
  }

  bool path(ExprId& out) {
    Name first;
    if (!name(kWord, first)) return false;
    if (policy::is_reserved(first.text)) return false;
    Expr expr;
    expr.kind = ExprKind::kName;
    expr.text = first.text;
    expr.span = expr.text_span = first.span;
    gap();
    out = push(expr);
    while (mark('.')) {
      Name field;
      if (!name(kWord, field)) return false;
      gap();
      Expr of;
      of.kind = ExprKind::kField;
      of.text = field.text;
      of.text_span = field.span;
      of.span = {first.span.begin, field.span.end};
      of.kids = {count(ast_.kids), 1};
      ast_.kids.push_back(out);
      out = push(of);
    }
    return true;
  }

  // Pools as large as the first statements let expect, so that none is moved about.
  void reserve() {
    const double factor = 1.05 * static_cast<double>(end_ - base_) / static_cast<double>(at_ - base_);
    const auto pool = [factor](auto& items) {
      items.reserve(static_cast<std::size_t>(static_cast<double>(items.size()) * factor));
    };
    pool(ast_.items);
    pool(ast_.rules);
    pool(ast_.exprs);
    pool(ast_.kids);
    pool(ast_.names);
    pool(ast_.patterns);
    pool(ast_.whos);
  }

  Ast ast_;
  const char* base_;
  const char* at_;
  const char* end_;
  const char* token_end_ = nullptr;
  std::vector<ExprId> parts_;
};

}  // namespace

std::optional<Ast> parse_by_hand(std::shared_ptr<const Source> source) {
  return ByHand(std::move(source)).run();
}

}  // namespace writ::bench
