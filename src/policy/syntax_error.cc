#include "src/policy/syntax_error.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/policy/literal.h"
#include "src/policy/recover.h"
#include "src/policy/reserved.h"
#include "src/policy/token.h"

namespace writ::policy {
namespace {

// "a, b or c", in order.
std::string join(std::string_view expected) {
  std::vector<std::string_view> things;
  while (!expected.empty()) {
    const std::size_t bar = std::min(expected.find('|'), expected.size());
    things.push_back(expected.substr(0, bar));
    expected.remove_prefix(std::min(bar + 1, expected.size()));
  }
  std::sort(things.begin(), things.end());
  std::string text;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (i > 0) text += i + 1 == things.size() ? " or " : ", ";
    text += things[i];
  }
  return text;
}

bool is_comparison(std::string_view word) {
  constexpr std::array<std::string_view, 11> kComparisons = {
      "==", "!=", "<", "<=", ">", ">=", "in", "has", "like", "contains", "covers"};
  return std::find(kComparisons.begin(), kComparisons.end(), word) != kComparisons.end();
}

// The parts of a rule in the order in which they stand, and which of them it can have.
constexpr std::array<std::string_view, 4> kParts = {"to", "via", "if", "for"};

struct RuleForm {
  std::string_view word;  // with its article
  bool to, via, clauses;
  std::string_view last;  // what ends it
};

RuleForm form_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::kAllow:
      return {"an allow", true, false, true, ""};
    case RuleKind::kTrust:
      return {"a trust", false, false, true, ""};
    case RuleKind::kDeny:
      return {"a deny", true, true, false, "because"};
    case RuleKind::kRequire:
      return {"a require", true, true, false, "ask"};
    case RuleKind::kLimit:
      return {"a limit", true, true, true, ""};
  }
  return {};
}

class SyntaxError {
 public:
  SyntaxError(const Ast& ast, const Builder& builder, Unexpected unexpected, Report& report)
      : ast_(ast),
        builder_(builder),
        report_(report),
        text_(ast.source->text()),
        expected_(unexpected.expected),
        offset_(word_begin(text_, unexpected.offset)),
        found_(token_at(text_, offset_)),
        at_end_(ends_statement()) {}

  std::uint32_t report() {
    if (expected_ == kExpectTextEnd) {
      error({builder_.quote(), offset_}, "unterminated-text", "this text has no closing quote",
            "a text ends on its line; a line feed inside is written \\n");
    } else if (expected_ == kExpectSpace) {
      error({offset_ - 1, offset_}, "syntax", "a space belongs after this `:`",
            "`a:b` without one is the entity b of type a");
    } else if (expected_ == kExpectNumberEnd) {
      error(found_, "syntax", backticked(word()) + " is not a number");
    } else if (expected_ == kExpectPatternEnd) {
      pattern_end();
    } else if (expected_ == kExpectPatternRest) {
      pattern_rest();
    } else if (expected_ == kExpectWhoColon) {
      who_colon();
    } else if (expected_ == kExpectStatement) {
      statement();
    } else if (expected_ == kExpectBecause || expected_ == kExpectAsk) {
      last_part();
    } else if (expected_ == kExpectTestLine) {
      test_line();
    } else if (expected_.front() == kClosing) {
      closing(expected_.substr(1));
    } else if (!brace_left_open()) {
      something_else(expected_);
    }
    return offset_;
  }

 private:
  std::string_view word() const { return text_.substr(found_.begin, found_.end - found_.begin); }
  std::string_view after_word() const { return text_.substr(found_.end); }

  bool ends_statement() const {
    // Inside a pattern the position is right behind it.
    std::size_t next = offset_;
    if (next < text_.size() && (text_[next] == '\n' || text_[next] == '\r')) {
      next = gap_end(next);
    } else if (next < text_.size() && !on_later_line()) {
      return false;
    }
    return next >= text_.size() || begins_statement(text_, next) ||
           (builder_.in_test() && begins_expectation(text_, next));
  }

  // Whether a line ends between the last token and the place of the error.
  bool on_later_line() const {
    const std::uint32_t end = builder_.token_end_before(offset_);
    return end <= offset_ && text_.substr(end, offset_ - end).find('\n') != std::string_view::npos;
  }

  void error(Span where, std::string_view name, std::string message, std::string help = {}) {
    report_.error({ast_.file, where}, name, std::move(message), std::move(help));
  }

  bool advised() {
    const auto advice = advice_on(word(), after_word());
    if (advice) error(found_, "syntax", advice->message, advice->help);
    return advice.has_value();
  }

  void unclosed(Span bracket) {
    error(bracket, "unclosed-bracket", backticked(ast_.source->at(bracket)) + " is not closed");
  }

  void something_else(std::string_view expected) {
    if (at_end_) {
      return error(end_of_statement(), "syntax", "expected " + join(expected) + ", but the statement ends here");
    }
    if (advised()) return;
    if (word() == ">" && offset_ > 0 && text_[offset_ - 1] == '<') {
      return error({offset_ - 1, found_.end}, "syntax", "`<>` is not of this language", "did you mean `!=`?");
    }
    if (word() == "context" && expected == "a value") {
      return error(found_, "syntax", "`context` stands before `has` only", "a key is named without it");
    }
    if ((word() == "not" || word() == "any" || word() == "all") && expected == "a value") {
      return error(found_, "syntax", backticked(word()) + " cannot stand here without parentheses",
                   "write (" + std::string(word()) + " ...)");
    }
    error(found_, "syntax", "expected " + join(expected) + ", but found " + what_was_found());
  }

  // Missing is what should follow the last token, not something where the next statement begins.
  Span end_of_statement() const {
    const std::uint32_t end = builder_.token_end_before(offset_);
    // Inside a pattern or an entity no gap has ended the token yet, and the place is right behind it.
    const std::uint32_t place = gap_end(end) < offset_ ? offset_ : end;
    return {place, place};
  }

  // Where the white space and comments from `at` on end.
  std::size_t gap_end(std::size_t at) const {
    for (;;) {
      at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
      if (at >= text_.size() || text_[at] != '#') return at;
      at = std::min(text_.find('\n', at), text_.size());
    }
  }

  std::string what_was_found() const {
    if (found_.begin == found_.end) return "the end of the line";
    if (word() == " " || word() == "\t") return "white space";
    return backticked(word());
  }

  // ---- brackets

  void closing(std::string_view expected) {
    const std::string_view wrong = word();
    const bool ends_clause =
        is_reserved(wrong) && !is_comparison(wrong) && expected.find('}') == std::string_view::npos;
    const bool other_bracket = (wrong == ")" || wrong == "]" || wrong == "}");
    if (at_end_ || ends_clause || other_bracket) return unclosed(builder_.open_bracket());
    if (chained()) return;
    if (wrong == "=" && expected.find("`?`") != std::string_view::npos) {
      return error(found_, "syntax", "no default can stand here", "only attributes of entities have one");
    }
    if (wrong == "=" && expected.find("`absent`") != std::string_view::npos) {
      return error(found_, "syntax", "a context key has no default",
                   "say what it means that the key is left out: `absent means ...`");
    }
    const std::size_t colon = after_word().find_first_not_of(" \t");
    if (expected.find('}') != std::string_view::npos && !wrong.empty() && is_word_char(wrong.front()) &&
        colon != std::string_view::npos && after_word()[colon] == ':') {
      return error(found_, "syntax", "a comma is missing before " + backticked(wrong));
    }
    something_else(expected);
  }

  // In braces that nobody closed, the next statement's first word looks like a name.
  bool brace_left_open() {
    if (expected_ != "`:`" || builder_.open_bracket().end == 0 || builder_.token_end() == 0) return false;
    const std::uint32_t name = word_begin(text_, builder_.token_end() - 1);
    if (!begins_statement(text_, name)) return false;
    offset_ = name;
    unclosed(builder_.open_bracket());
    return true;
  }

  bool chained() {
    if (!is_comparison(word())) return false;
    error(found_, "syntax", "comparisons do not chain", "join two of them with `and`");
    return true;
  }

  // ---- patterns and people

  void pattern_end() {
    error(found_, "syntax", backticked(word()) + " cannot follow a scope pattern here",
          "types have letters and digits only, and ids other than [A-Za-z0-9._~@/+=-]+ stand in quotes");
  }

  // A word where a pattern should be, with neither a colon nor a dot.
  void pattern_rest() {
    const std::uint32_t begin = offset_ > 0 ? word_begin(text_, offset_ - 1) : 0;
    const Span where = {begin, std::max(offset_, begin + 1)};
    std::string_view rest = text_.substr(where.end);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    const auto next = token_at(rest, 0);
    const std::string_view type = rest.substr(0, next.end);
    std::string help = "a pattern is written `action:type`, `action:type_*` or `type.action`";
    if (!type.empty() && is_word_char(type.front()) && !is_reserved(type)) {
      help = "did you mean " + backticked(std::string(ast_.source->at(where)).append(":").append(type)) + "?";
    }
    error(where, "syntax", backticked(ast_.source->at(where)) + " is no scope pattern", help);
  }

  void who_colon() {
    const std::uint32_t begin = offset_ > 0 ? word_begin(text_, offset_ - 1) : 0;
    Span where = {begin, std::max(offset_, begin + 1)};
    while (where.end < text_.size() && is_bare_id_char(text_[where.end]))
      ++where.end;
    const std::string_view id = ast_.source->at(where);
    const bool agent = builder_.unfinished_rule().kind == RuleKind::kTrust || builder_.progress().via_begun;
    const std::string typed = id == "user" || id == "agent" ? "any " : (agent ? "agent:" : "user:");
    error(where, "syntax", backticked(id) + " has no type",
          "did you mean " + backticked(typed + std::string(id)) + "?");
  }

  // ---- statements

  // A statement has ended, or the file has just begun, and what comes next begins none.
  void statement() {
    if (!builder_.progress().any || on_later_line()) {
      if (!advised()) begins_none();
    } else if (builder_.progress().is_rule) {
      after_rule();
    } else {
      after_declaration();
    }
  }

  void begins_none() {
    const std::string meant = meant_statement_word(word());
    std::string help =
        "statements begin with actions, alias, allow, context, define, deny, entity, limit, require, test "
        "or trust";
    if (!meant.empty()) help = "did you mean `" + meant + "`?";
    error(found_, "syntax", backticked(word()) + " begins no statement", help);
  }

  void after_declaration() {
    switch (ast_.items.back().kind) {
      case ItemKind::kEntity:
        return something_else("`:`|`in`|`single`|`{`|a new statement");
      case ItemKind::kActions:
      case ItemKind::kAlias:
        return something_else("`,`|a new statement");
      case ItemKind::kDefine:
        if (chained()) return;
        return something_else("a new statement|an operator");
      default:
        return something_else("a new statement");
    }
  }

  // `because` and `ask` are missing.
  void last_part() {
    if (!at_end_) return after_rule();
    const Span keyword = builder_.unfinished_rule().keyword();
    if (expected_ == kExpectBecause) {
      error(keyword, "missing-because", "this deny has no `because`", "say why it is denied: because \"...\"");
    } else {
      error(keyword, "missing-ask", "this require has no `ask`", "say what to ask for: ask \"...\"");
    }
  }

  void after_rule();
  bool misplaced_part(const RuleForm& form);

  void test_line() {
    if (at_end_ || text_.substr(offset_).starts_with('@')) return unclosed(builder_.test_brace());
    something_else("`allow`|`at`|`deny`|`}`|an entity");
  }

  const Ast& ast_;
  const Builder& builder_;
  Report& report_;
  std::string_view text_;
  std::string_view expected_;
  std::uint32_t offset_;
  Span found_;
  bool at_end_;
};

// A part that this kind of rule does not have, or has further in front, or twice.
bool SyntaxError::misplaced_part(const RuleForm& form) {
  const Progress& progress = builder_.progress();
  const std::array<bool, 4> has = {form.to, form.via, true, form.clauses};
  const std::array<bool, 4> seen = {progress.to, progress.via, progress.condition, progress.clauses};
  const bool clause = word() == "once" || word() == "audience" || word() == "proof" || word() == "notify";
  const std::string_view part = clause ? "for" : word();
  if ((word() == "because" || word() == "ask") && word() != form.last) {
    error(found_, "syntax", std::string(form.word) + " has no " + backticked(word()));
    return true;
  }
  const auto found = std::find(kParts.begin(), kParts.end(), part);
  if (found == kParts.end()) return false;
  const auto index = static_cast<std::size_t>(found - kParts.begin());
  if (!has[index]) {
    error(found_, "syntax", std::string(form.word) + " has no " + backticked(word()),
          part == "via" ? "what agents may be handed is said by `trust`" : "");
    return true;
  }
  std::string_view before;
  if (progress.complete && !form.last.empty()) before = form.last;
  for (std::size_t later = kParts.size(); later-- > index + 1;) {
    if (seen[later]) before = later == 3 ? ast_.source->at(progress.first_clause) : kParts[later];
  }
  if (seen[index] && index != 3) {
    error(found_, "syntax", backticked(word()) + " stands here for the second time");
  } else if (!before.empty()) {
    error(found_, "syntax", backticked(word()) + " belongs before " + backticked(before));
  } else {
    return false;
  }
  return true;
}

// What stands after the last part of a rule that could be understood, and is not what may follow it.
void SyntaxError::after_rule() {
  const Progress& progress = builder_.progress();
  const RuleForm form = form_of(progress.kind);
  if (advised()) return;
  if (progress.condition && !progress.clauses && chained()) return;
  if (misplaced_part(form)) return;
  if (progress.complete && !form.last.empty()) return something_else("a new statement");
  std::string expected;
  const auto add = [&](bool possible, std::string_view thing) {
    if (possible) expected.append(expected.empty() ? "" : "|").append(thing);
  };
  const bool open = !progress.condition && !progress.clauses;
  add(progress.condition && !progress.clauses, "an operator");
  add(open && form.to && !progress.to && !progress.via, "`to`");
  add(open && form.via && !progress.via, "`via`");
  add(open, "`if`");
  add(form.clauses && !progress.clauses, "a clause");
  add(progress.clauses, "`,`");
  add(!form.last.empty(), backticked(form.last));
  add(form.last.empty(), "a new statement");
  something_else(expected);
}

}  // namespace

std::uint32_t report_unexpected(const Ast& ast, const Builder& builder, Unexpected unexpected, Report& report) {
  return SyntaxError(ast, builder, unexpected, report).report();
}

}  // namespace writ::policy
