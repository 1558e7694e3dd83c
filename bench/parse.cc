// parse: what the grammar, written as PEGTL rules, costs over a parser written by hand that makes the same Ast.
//
//   parse/plain       statements "allow read:invoice_I to user:uJ", as in load
//   parse/conditions  the same with "if invoice.amount <= A and user.level >= L"
//
// Both parse the same 100,000 statements and free what they made. Before anything is timed it is seen to that both make
// the same of the text. What is warm: the text. The parser written by hand stops at the first thing it does not know;
// the grammar's one tells all errors of a file, and its share of looking for bytes that are no text is counted.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "bench/parse_by_hand.h"
#include "bench/workloads.h"
#include "src/policy/parse.h"

namespace writ::bench {
namespace {

std::shared_ptr<const Source> source(std::size_t statements, bool conditions) {
  std::mt19937_64 random(7);
  std::string text = "entity user\nentity invoice\nactions read for invoice\n";
  for (std::size_t i = 0; i < statements; ++i) {
    text += "allow read:invoice_" + std::to_string(i) + " to user:u" + std::to_string(random() % statements);
    if (conditions) {
      text += " if invoice.amount <= " + std::to_string(random() % 1000) +
              " and user.level >= " + std::to_string(random() % 10);
    }
    text += "\n";
  }
  return std::make_shared<const Source>("parse.writ", std::move(text));
}

policy::Ast by_grammar(const std::shared_ptr<const Source>& text) {
  Report report({text});
  policy::Ast ast = policy::parse(text, 0, report);
  if (report.has_errors()) std::abort();
  return ast;
}

bool same(Span a, Span b) {
  return a.begin == b.begin && a.end == b.end;
}

template <class Pool, class Same>
bool same(const Pool& a, const Pool& b, Same equal) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

// dump_json() says all but where things stand.
bool same(const policy::Ast& a, const policy::Ast& b) {
  const auto spans = [](const auto& one, const auto& other) { return same(one.span, other.span); };
  const auto texts = [](const auto& one, const auto& other) {
    return same(one.span, other.span) && same(one.text_span, other.text_span);
  };
  return dump_json(a) == dump_json(b) && same(a.items, b.items, spans) && same(a.rules, b.rules, spans) &&
         same(a.patterns, b.patterns, spans) && same(a.whos, b.whos, spans) && same(a.names, b.names, spans) &&
         same(a.exprs, b.exprs, texts) && a.kids == b.kids && same(a.comments, b.comments, spans);
}

void compare(Session& session, const std::string& name, bool conditions) {
  const std::size_t statements = session.quick() ? 1'000 : 100'000;
  session.progress("parse: text of " + std::to_string(statements) + " statements");
  const std::shared_ptr<const Source> text = source(statements, conditions);
  if (!same(by_grammar(text), parse_by_hand(text).value())) std::abort();
  const auto floor = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += parse_by_hand(text)->rules.size();
    return sum;
  };
  const auto writ = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += by_grammar(text).rules.size();
    return sum;
  };
  const Comparison comparison = session.compare(name, floor, writ, 1);
  const auto each = [statements](const Series& series) {
    return std::to_string(static_cast<int>(series.median() / static_cast<double>(statements)));
  };
  session.put({name, "ratio_to_floor", comparison.ratio(), Goal{1.5, std::nullopt},
               each(comparison.writ) + " ns a statement, by hand " + each(comparison.floor)});
}

}  // namespace

void parse(Session& session) {
  compare(session, "parse/plain", false);
  compare(session, "parse/conditions", true);
}

}  // namespace writ::bench
