#include "src/policy/print.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/policy/align.h"
#include "src/policy/fold.h"
#include "src/policy/literal.h"
#include "src/policy/print_expression.h"

namespace writ::policy {
namespace {

constexpr std::string_view kContinued = "\n    ";
constexpr char kCommaBreak[] = {',', comma_break(0)};
constexpr std::string_view kComma(kCommaBreak, 2);

std::string_view rule_word(RuleKind kind) {
  switch (kind) {
    case RuleKind::kAllow:
      return "allow\v";
    case RuleKind::kTrust:
      return "trust\v";
    case RuleKind::kDeny:
      return "deny\v";
    case RuleKind::kRequire:
      return "require\v";
    case RuleKind::kLimit:
      return "limit\v";
  }
  return "";
}

std::string_view verdict_word(Expected verdict) {
  switch (verdict) {
    case Expected::kAllow:
      return "allow\v";
    case Expected::kDeny:
      return "deny\v";
    case Expected::kStepUp:
      return "step_up\v";
  }
  return "";
}

// A text whose marks shall set nothing.
std::string unset(std::string text) {
  if (text.find("\v\v") != std::string::npos) text.erase(text.find("\v\v"), 1);  // a part that is not there
  std::replace(text.begin(), text.end(), kStop, ' ');
  return text;
}

// An element of a block in braces: what it says, and where it stood.
struct Element {
  std::string text;
  Span span;
};

// Prints a file statement by statement. Comments go where they stood as far as that is between statements, between the
// elements of a block, or behind one of either; a comment anywhere else moves in front of what it stood in.
class Printer {
 public:
  explicit Printer(const Ast& ast) : ast_(ast), source_(ast.source->text()) {}

  std::string run() {
    out_.reserve(source_.size() + source_.size() / 8);
    for (std::size_t i = 0; i < ast_.items.size(); ++i) {
      const Item& item = ast_.items[i];
      comments_before(item.span.begin, "");
      keep_blank_line(item.span.begin);
      print_item(item);
      last_ = item.span.end;
      comment_behind(item.span.end, i + 1 < ast_.items.size() ? ast_.items[i + 1].span.begin : end_of_source());
      out_ += "\n";
    }
    comments_before(end_of_source(), "");
    return align(out_);
  }

 private:
  std::uint32_t end_of_source() const { return static_cast<std::uint32_t>(source_.size()); }

  // ---- comments and blank lines

  const Comment* next_comment(std::uint32_t before) const {
    if (comment_ >= ast_.comments.size() || ast_.comments[comment_].span.begin >= before) return nullptr;
    return &ast_.comments[comment_];
  }

  std::string_view comment_text(const Comment& comment) const {
    std::string_view text = ast_.source->at(comment.span);
    return text.substr(0, text.find_last_not_of(" \t\r") + 1);
  }

  std::size_t line_ends(std::uint32_t begin, std::uint32_t end) const {
    if (begin >= end) return 0;
    const std::string_view between = source_.substr(begin, end - begin);
    return static_cast<std::size_t>(std::count(between.begin(), between.end(), '\n'));
  }

  // One blank line where there was at least one between what was printed last and what begins at `begin`.
  void keep_blank_line(std::uint32_t begin) {
    if (!std::exchange(at_beginning_, false) && line_ends(last_, begin) > 1) out_ += "\n";
  }

  // Each on its own line.
  void comments_before(std::uint32_t before, std::string_view indent) {
    while (const Comment* comment = next_comment(before)) {
      keep_blank_line(comment->span.begin);
      out_.append(indent).append(comment_text(*comment)).append("\n");
      last_ = comment->span.end;
      ++comment_;
    }
  }

  // Those inside of what is about to be printed, where they cannot stay.
  void comments_inside(std::uint32_t end, std::string_view indent) {
    while (const Comment* comment = next_comment(end)) {
      out_.append(indent).append(comment_text(*comment)).append("\n");
      ++comment_;
    }
  }

  // A comment on the line on which something has ended.
  void comment_behind(std::uint32_t end, std::uint32_t before) {
    const Comment* comment = next_comment(before);
    if (comment == nullptr || comment->span.begin < end || line_ends(end, comment->span.begin) > 0) return;
    out_.append(1, kCommentStop).append(comment_text(*comment));
    last_ = comment->span.end;
    ++comment_;
  }

  // ---- statements

  void print_item(const Item& item) {
    switch (item.kind) {
      case ItemKind::kEntity:
        return print_entity(item, ast_.entities[item.index]);
      case ItemKind::kContext:
        return print_block(item, "context ", fields(ast_.contexts[item.index].keys, " absent means "), ",", false);
      case ItemKind::kTest:
        return print_test(item, ast_.tests[item.index]);
      case ItemKind::kRule:
        comments_inside(item.span.end, "");
        return print_rule(ast_.rules[item.index]);
      default:
        comments_inside(item.span.end, "");
        out_ += fold(declaration(item), 0, 4);
    }
  }

  std::string declaration(const Item& item) {
    switch (item.kind) {
      case ItemKind::kActions:
        return actions(ast_.actions[item.index]);
      case ItemKind::kDefine:
        return define(ast_.defines[item.index]);
      default:
        return alias(ast_.aliases[item.index]);
    }
  }

  // A block on one line if it fits there and holds no comments, otherwise one element a line.
  void print_block(const Item& item, std::string_view head, const std::vector<Element>& elements,
                   std::string_view separator, bool always_lines) {
    const bool comments = next_comment(item.span.end) != nullptr;
    if (elements.empty()) {
      comments_inside(item.span.end, "");
      out_.append(fold(head, 0, 4)).append("{}");
      return;
    }
    if (!comments && !always_lines) {
      std::string line(head);
      line += "{ ";
      for (std::size_t i = 0; i < elements.size(); ++i)
        line.append(i > 0 ? ", " : "").append(elements[i].text);
      line += " }";
      if (columns(line) <= kColumns) {
        out_ += flat(line);
        return;
      }
    }
    out_.append(fold(unset(std::string(head)), 0, 4)).append("{");
    at_beginning_ = true;
    // A comment right behind the opening brace stays there.
    if (const Comment* comment = next_comment(elements.front().span.begin); comment != nullptr && !comment->own_line) {
      out_.append(" ").append(comment_text(*comment));
      ++comment_;
    }
    out_ += "\n";
    lines(item, elements, separator);
    out_ += "}";
  }

  void lines(const Item& item, const std::vector<Element>& elements, std::string_view separator) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const Span span = elements[i].span;
      comments_before(span.begin, "  ");
      keep_blank_line(span.begin);
      comments_inside(span.end, "  ");
      out_.append("  ").append(fold(elements[i].text, 2, 6)).append(separator);
      last_ = span.end;
      comment_behind(span.end, i + 1 < elements.size() ? elements[i + 1].span.begin : item.span.end);
      out_ += "\n";
    }
    comments_before(item.span.end, "  ");
  }

  std::vector<Element> fields(Range range, std::string_view before_fallback) const {
    std::vector<Element> elements;
    for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
      const Field& field = ast_.fields[i];
      Element element{{}, field.span};
      print_field(ast_, field, element.text);
      if (field.absent_none) element.text += " absent means none";
      if (field.fallback != kNoExpr) {
        element.text += before_fallback;
        print_expression(ast_, field.fallback, element.text);
      }
      elements.push_back(std::move(element));
    }
    return elements;
  }

  void print_entity(const Item& item, const EntityDecl& entity) {
    std::string head = "entity ";
    head += entity.name.text;
    if (entity.single) head += " single";
    if (entity.closed) {
      head += ": ";
      print_list(entity.ids, kComma, head, [&](std::uint32_t i) { print_name(ast_.names[i], head); });
    }
    // Braces stand under braces, also where there are no parents.
    if (entity.parents.count > 0 || entity.has_braces) head += kStop;
    if (entity.parents.count > 0) {
      head += "in ";
      print_list(entity.parents, kComma, head, [&](std::uint32_t i) { head += ast_.names[i].text; });
    }
    if (entity.has_braces) return print_block(item, head + kStop, fields(entity.attributes, " = "), ",", false);
    comments_inside(item.span.end, "");
    out_ += fold(head, 0, 4);
  }

  std::string actions(const ActionsDecl& decl) const {
    std::string text = "actions ";
    if (decl.group.given()) text.append(decl.group.text).append(" = {");
    print_list(decl.actions, kComma, text, [&](std::uint32_t i) { text += ast_.names[i].text; });
    if (decl.group.given()) text += "}";
    text += kStop;
    text += decl.for_type ? "for type " : "for ";
    print_list(decl.types, kComma, text, [&](std::uint32_t i) { text += ast_.names[i].text; });
    return text;
  }

  std::string define(const DefineDecl& decl) const {
    std::string text = "define ";
    text += decl.name.text;
    if (decl.parameters.count > 0) {
      text += "(";
      print_list(decl.parameters, kComma, text, [&](std::uint32_t i) { print_field(ast_, ast_.fields[i], text); });
      text += ")";
    }
    text += " = ";
    print_expression(ast_, decl.body, text);
    return text;
  }

  std::string alias(const AliasDecl& decl) const {
    std::string text = "alias ";
    print_name(decl.name, text);
    text += kStop;
    text += decl.ceiling ? "ceiling = " : "= ";
    patterns(decl.patterns, text);
    return text;
  }

  // ---- rules

  void patterns(Range range, std::string& text) const {
    print_list(range, kComma, text, [&](std::uint32_t i) { print_pattern(ast_, ast_.patterns[i], text); });
  }

  void whos(Range range, std::string_view word, std::string& text) const {
    if (range.count > 0) text += word;
    print_list(range, kComma, text, [&](std::uint32_t i) {
      const Who& who = ast_.whos[i];
      if (who.last) text += "last ";
      if (who.any) text += "any ";
      text += who.type.text;
      if (who.any) return;
      text += ":";
      print_name(who.id, text);
    });
  }

  void clauses(Range range, std::string& text) const {
    if (range.count > 0) text += kStop;
    print_list(range, ", ", text, [&](std::uint32_t i) { print_clause(ast_.clauses[i], text); });
  }

  // The rule in the pieces between which a long one is broken.
  std::vector<std::string> pieces(const Rule& rule) const {
    std::vector<std::string> result(1, std::string(rule_word(rule.kind)));
    if (rule.kind == RuleKind::kRequire) {
      print_expression(ast_, rule.requirement, result.back());
      result.emplace_back("before ");
    }
    if (rule.kind == RuleKind::kTrust) {
      whos(rule.via, "", result.back());
      result.back() += "\vwith ";
    }
    patterns(rule.patterns, result.back());
    whos(rule.to, "\vto ", result.back());
    if (rule.kind != RuleKind::kTrust) whos(rule.via, rule.to.count > 0 ? " via " : "\vvia ", result.back());
    if (rule.condition != kNoExpr) {
      result.emplace_back("if ");
      print_expression(ast_, rule.condition, result.back());
    }
    clauses(rule.clauses, result.back());
    if (const Name text = ast_.text_of(rule); text.given()) {
      result.emplace_back(rule.kind == RuleKind::kRequire ? "ask " : "because ");
      print_name(text, result.back());
    }
    return result;
  }

  // Who and `if` are one column: there are few statements that have both.
  static bool names_people(const Rule& rule) {
    return rule.to.count > 0 || (rule.via.count > 0 && rule.kind != RuleKind::kTrust);
  }

  void print_rule(const Rule& rule) {
    if (const Name id = ast_.id_of(rule); id.given()) out_.append("@").append(id.text).append("\n");
    const std::vector<std::string> parts = pieces(rule);
    std::size_t width = parts.size() - 1;
    for (const std::string& part : parts)
      width += columns(part);
    const bool broken = width > kColumns;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool joined = names_people(rule) && parts[i].starts_with("if ");
      if (i > 0) out_ += broken ? kContinued : joined ? " " : "\v";
      out_ += broken ? fold(unset(parts[i]), i == 0 ? 0 : 4, i == 0 ? 4 : 8) : flat(parts[i]);
    }
  }

  // ---- tests

  void print_test(const Item& item, const TestBlock& test) {
    std::vector<Element> elements;
    for (std::uint32_t i = test.lines.first; i < test.lines.first + test.lines.count; ++i) {
      elements.push_back({test_line(ast_.test_lines[i]), ast_.test_lines[i].span});
    }
    std::string head = "test ";
    print_name(test.title, head);
    head += " ";
    print_block(item, head, elements, "", true);
  }

  std::string test_line(const TestLine& line) const {
    std::string text;
    switch (line.kind) {
      case TestLineKind::kAt:
        text = "at ";
        // As written: the time may have an offset.
        text += ast_.source->at(line.span).substr(ast_.source->at(line.span).find_first_of("0123456789"));
        break;
      case TestLineKind::kContext:
        text = "context ";
        print_expression(ast_, line.context, text);
        break;
      case TestLineKind::kEntity:
        test_entity(ast_.test_entities[line.index], text);
        break;
      case TestLineKind::kExpectation:
        expectation(ast_.expectations[line.index], text);
        break;
    }
    return text;
  }

  void test_entity(const TestEntity& entity, std::string& text) const {
    text += entity.type.text;
    if (entity.id.given()) {
      text += " ";
      print_name(entity.id, text);
    }
    whos(entity.parents, " in ", text);
    if (entity.attributes == kNoExpr) return;
    text += " ";
    print_expression(ast_, entity.attributes, text);
  }

  void texts(Range range, std::string_view word, std::string& text) const {
    if (range.count > 0) text += word;
    print_list(range, kComma, text, [&](std::uint32_t i) { print_name(ast_.names[i], text); });
  }

  void expectation(const Expectation& expected, std::string& text) const {
    text += verdict_word(expected.verdict);
    print_pattern(ast_, expected.scope, text);
    if (expected.user.given()) {
      text += "\vto ";
      if (expected.user_type.given()) text.append(expected.user_type.text).append(":");
      print_name(expected.user, text);
    }
    if (expected.agents.count > 0) text += " via ";
    print_list(expected.agents, ", ", text, [&](std::uint32_t i) {
      const Who& agent = ast_.whos[i];
      if (agent.type.given()) text.append(agent.type.text).append(":");
      print_name(agent.id, text);
    });
    clauses(expected.clauses, text);
    const bool last = expected.clauses.count > 0;  // what is expected is one column
    texts(expected.because, last ? " because " : "\vbecause ", text);
    texts(expected.ask, last || expected.because.count > 0 ? " ask " : "\vask ", text);
  }

  const Ast& ast_;
  std::string_view source_;
  std::string out_;
  std::size_t comment_ = 0;   // the next one to print
  std::uint32_t last_ = 0;    // the end, in the source, of what was printed last
  bool at_beginning_ = true;  // of the file or of a block, where no blank line stands
};

}  // namespace

std::string print(const Ast& ast) {
  return Printer(ast).run();
}

}  // namespace writ::policy
