#include "src/policy/syntax_error.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/diagnostics/suggest.h"
#include "src/policy/recover.h"
#include "src/policy/reserved.h"

namespace writ::policy {
namespace {

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

// The token at an offset, as an author would see it.
Span token_at(std::string_view text, std::uint32_t begin) {
  constexpr std::array<std::string_view, 8> kPairs = {"==", "!=", "<=", ">=", "&&", "||", "..", "->"};
  std::size_t end = begin;
  if (begin >= text.size() || text[begin] == '\n' || text[begin] == '\r') return {begin, begin};
  const std::string_view pair = text.substr(begin, 2);
  if (is_word_char(text[begin])) {
    while (end < text.size() && is_word_char(text[end])) ++end;
  } else if (text[begin] == '"' || text[begin] == '\'') {
    const std::size_t close = text.find_first_of(std::string{text[begin], '\n'}, begin + 1);
    const bool closed = close != std::string_view::npos && text[close] != '\n' && close - begin < 60;
    end = closed ? close + 1 : begin + 1;
  } else if (std::find(kPairs.begin(), kPairs.end(), pair) != kPairs.end()) {
    end = begin + 2;
  } else {
    for (end = begin + 1; end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;) ++end;
  }
  return {begin, static_cast<std::uint32_t>(end)};
}

// A rule that failed after its first letters may have left the position inside a word.
std::uint32_t word_begin(std::string_view text, std::uint32_t offset) {
  if (offset >= text.size() || !is_word_char(text[offset])) return offset;
  while (offset > 0 && is_word_char(text[offset - 1])) --offset;
  return offset;
}

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

struct Advice {
  std::string message;
  std::string help;
};

// What people write who know other languages.
std::optional<Advice> foreign(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kInstead = {{
      {"&&", "`and`"}, {"||", "`or`"}, {"&", "`and`"}, {"|", "`or`"}, {"!", "`not`"}, {"=", "`==`"},
      {"where", "`if`"}, {"when", "`if`"}, {"unless", "`if not`"}, {"AND", "`and`"}, {"OR", "`or`"}, {"NOT", "`not`"}}};
  for (const auto& [wrong, right] : kInstead) {
    if (word == wrong) return Advice{quoted(word) + " is not of this language", "did you mean " + std::string(right) + "?"};
  }
  if (word == ";") return Advice{"a statement does not end with `;`", "leave it out"};
  if (word.starts_with('\'')) return Advice{"texts stand in double quotes", "write \"...\""};
  return std::nullopt;
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
        found_(token_at(text_, offset_)) {
    const std::uint32_t end = builder.token_end();
    at_end_ = offset_ >= text_.size() || (begins_statement(text_, offset_) && on_later_line(end));
  }

  std::uint32_t report() {
    if (expected_ == kExpectTextEnd) {
      error({builder_.quote(), offset_}, "unterminated-text", "this text has no closing quote",
            "a text ends on its line; a line feed inside is written \\n");
    } else if (expected_ == kExpectSpace) {
      error({offset_ - 1, offset_}, "syntax", "a space belongs after this `:`", "`a:b` without one is the entity b of type a");
    } else if (expected_ == kExpectNumberEnd) {
      error(found_, "syntax", quoted(word()) + " is not a number");
    } else if (expected_ == kExpectPatternEnd) {
      error(found_, "syntax", quoted(word()) + " cannot follow a scope pattern here",
            "types have letters and digits only, and ids other than [A-Za-z0-9._~@/+=-] stand in quotes");
    } else if (expected_ == kExpectStatement) {
      statement();
    } else if (expected_ == kExpectBecause || expected_ == kExpectAsk) {
      missing_reason();
    } else if (expected_ == kExpectTestLine) {
      test_line();
    } else if (expected_.front() == kExpectClosing && (at_end_ || closes_other())) {
      unclosed(builder_.open_bracket());
    } else {
      something_else(expected_.front() == kExpectClosing ? expected_.substr(1) : expected_);
    }
    return offset_;
  }

 private:
  std::string_view word() const { return text_.substr(found_.begin, found_.end - found_.begin); }

  bool on_later_line(std::uint32_t end) const {
    return end <= offset_ && text_.substr(end, offset_ - end).find('\n') != std::string_view::npos;
  }

  bool closes_other() const { return false; }

  void error(Span where, std::string_view name, std::string message, std::string help = {}) {
    report_.error({ast_.file, where}, name, std::move(message), std::move(help));
  }

  void unclosed(Span bracket) {
    error(bracket, "unclosed-bracket", quoted(ast_.source->at(bracket)) + " is not closed");
  }

  // Something is missing where the statement ends: the place is after its last token, not at the next statement.
  Span place() const {
    if (!at_end_) return found_;
    return {builder_.token_end(), builder_.token_end()};
  }

  void something_else(std::string_view expected) {
    const std::string wanted = join(expected);
    if (at_end_) return error(place(), "syntax", "expected " + wanted + ", but the statement ends here");
    if (const auto advice = foreign(word())) return error(found_, "syntax", advice->message, advice->help);
    if (word() == "not" || word() == "any" || word() == "all") {
      return error(found_, "syntax", quoted(word()) + " cannot stand here without parentheses",
                   "write (" + std::string(word()) + " ...)");
    }
    std::string message = "expected " + wanted;
    if (found_.end > found_.begin) message += ", but found " + quoted(word());
    error(found_, "syntax", std::move(message));
  }

  void missing_reason() {
    const bool because = expected_ == kExpectBecause;
    if (!at_end_) return after_rule();
    const Span keyword = builder_.unfinished_rule().keyword;
    if (because) {
      error(keyword, "missing-because", "this deny has no `because`", "say why it is denied: because \"...\"");
    } else {
      error(keyword, "missing-ask", "this require has no `ask`", "say what to ask for: ask \"...\"");
    }
  }

  void test_line() {
    if (at_end_ || text_.substr(offset_).starts_with('@')) return unclosed(builder_.test_brace());
    something_else("`}`|`allow`|`at`|`deny`|an entity");
  }

  // A statement has ended, or the file has just begun, and what comes next begins none.
  void statement() {
    const Progress& progress = builder_.progress();
    const bool same_line = progress.any && !on_later_line(builder_.token_end());
    if (same_line && progress.is_rule) return after_rule();
    if (const auto advice = foreign(word())) return error(found_, "syntax", advice->message, advice->help);
    begins_none();
  }

  void begins_none() {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kInstead = {{
        {"permit", "allow"}, {"grant", "allow"}, {"forbid", "deny"}, {"reject", "deny"}, {"refuse", "deny"},
        {"type", "entity"}, {"resource", "entity"}, {"action", "actions"}, {"let", "define"}}};
    std::string meant;
    for (const auto& [wrong, right] : kInstead) {
      if (word() == wrong) meant = right;
    }
    if (meant.empty() && !word().empty()) {
      const auto words = statement_words();
      meant = suggest(word(), {words.begin(), words.end()});
    }
    const std::string help = meant.empty() ? "statements begin with one of actions, alias, allow, context, define, deny, "
                                             "entity, limit, require, test, trust"
                                           : "did you mean `" + meant + "`?";
    error(found_, "syntax", quoted(word()) + " begins no statement", help);
  }

  void after_rule();

  const Ast& ast_;
  const Builder& builder_;
  Report& report_;
  std::string_view text_;
  std::string_view expected_;
  std::uint32_t offset_;
  Span found_;
  bool at_end_ = false;
};

// Which parts a kind of rule can have.
struct Parts {
  bool to, via, clauses;
  std::string_view last;
};

Parts parts_of(RuleKind kind) {
  switch (kind) {
    case RuleKind::kAllow:
      return {true, false, true, ""};
    case RuleKind::kTrust:
      return {false, false, true, ""};
    case RuleKind::kDeny:
      return {true, true, false, "`because`"};
    case RuleKind::kRequire:
      return {true, true, false, "`ask`"};
    case RuleKind::kLimit:
      return {true, true, true, ""};
  }
  return {};
}

// What stands after the last part of a rule that could be understood, and is not what may follow it.
void SyntaxError::after_rule() {
  const Progress& progress = builder_.progress();
  const Parts parts = parts_of(progress.kind);
  if (const auto advice = foreign(word())) return error(found_, "syntax", advice->message, advice->help);
  if (word() == "via" && !parts.via) {
    return error(found_, "syntax", "this statement has no `via`",
                 progress.kind == RuleKind::kAllow ? "what agents may be handed is said by `trust`" : "");
  }
  std::string expected;
  const auto add = [&](std::string_view thing) { expected.append(expected.empty() ? "" : "|").append(thing); };
  if (progress.condition || (progress.clauses && progress.condition)) {
    if (!progress.clauses) add("an operator");
  } else if (!progress.clauses) {
    add("`if`");
    if (!progress.via && parts.via) add("`via`");
    if (!progress.via && !progress.to && parts.to) add("`to`");
  }
  if (progress.clauses) {
    add("`,`");
  } else if (parts.clauses) {
    add("a clause");
  }
  if (!parts.last.empty()) add(parts.last);
  if (parts.last.empty()) add("a new statement");
  error(found_, "syntax", "expected " + join(expected) + ", but found " + quoted(word()));
}

}  // namespace

std::uint32_t report_unexpected(const Ast& ast, const Builder& builder, Unexpected unexpected, Report& report) {
  return SyntaxError(ast, builder, unexpected, report).report();
}

}  // namespace writ::policy
