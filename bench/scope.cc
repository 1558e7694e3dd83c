// scope: the text of a scope to what it asks for, in every spelling that a request may have.
//
//   scope/SPELLING   1,000 resources or prefixes of one spelling, or the few texts that there are of it
//
// Five actions, three types and one declared name; everything is warm. The floor is a parser for that spelling alone:
// it looks at every byte, cuts at the separators, and compares the names with those that there are.
#include <array>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "bench/by_hand.h"
#include "bench/sides.h"
#include "bench/workloads.h"
#include "src/policy/program.h"
#include "src/scope/parse_scope.h"

namespace writ::bench {
namespace {

constexpr const char* kPolicy = R"(
entity user
entity invoice
entity profile single
actions read, write, approve for invoice
actions create for type invoice
actions view for profile
alias "Mail.Read" = read:invoice_*
allow *
)";

struct ByHand {
  std::uint16_t action = kNoId;
  std::uint16_t type = kNoId;
  CellKind kind = CellKind::kAll;
  std::string_view id;
  bool is_name = false;
};

// The names of a schema, few enough to be compared one after the other.
class Names {
 public:
  explicit Names(const Schema& schema) : schema_(schema) {}
  std::uint16_t action(std::string_view name) const { return find(schema_.actions, name); }
  std::uint16_t type(std::string_view name) const {
    for (std::size_t i = 0; i < schema_.types.size(); ++i)
      if (schema_.types[i].name == name) return static_cast<std::uint16_t>(i);
    return kNoId;
  }

 private:
  static std::uint16_t find(const std::vector<std::string>& all, std::string_view name) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i] == name) return static_cast<std::uint16_t>(i);
    return kNoId;
  }
  const Schema& schema_;
};

bool same(const ByHand& a, const ScopeRequest& b) {
  if (a.is_name || b.alias != nullptr) return a.is_name == (b.alias != nullptr);
  return a.action == b.cell.action && a.type == b.cell.type && a.kind == b.cell.kind && a.id == b.cell.id;
}

// "read:invoice_7", "read:invoice_12*", "read:invoice_*".
ByHand with_colon(const Names& names, std::string_view text) {
  ByHand out;
  if (!bytes_by_hand(text)) return out;
  const std::size_t colon = text.find(':');
  const std::size_t cut = text.find('_', colon + 1);
  if (colon == std::string_view::npos || cut == std::string_view::npos) return out;
  out.action = names.action(text.substr(0, colon));
  out.type = names.type(text.substr(colon + 1, cut - colon - 1));
  out.id = text.substr(cut + 1);
  out.kind = CellKind::kExact;
  if (out.id.ends_with('*')) {
    out.id.remove_suffix(1);
    out.kind = out.id.empty() ? CellKind::kAll : CellKind::kPrefix;
  }
  return out;
}

// "create:invoice".
ByHand of_type(const Names& names, std::string_view text) {
  ByHand out;
  if (!bytes_by_hand(text)) return out;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return out;
  out.action = names.action(text.substr(0, colon));
  out.type = names.type(text.substr(colon + 1));
  out.kind = CellKind::kType;
  return out;
}

// "invoice_7.read", "profile.view".
ByHand with_dot(const Names& names, std::string_view text) {
  ByHand out;
  if (!bytes_by_hand(text)) return out;
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return out;
  const std::size_t cut = text.substr(0, dot).find('_');
  const bool whole = cut == std::string_view::npos;
  out.action = names.action(text.substr(dot + 1));
  out.type = names.type(text.substr(0, whole ? dot : cut));
  out.id = whole ? std::string_view() : text.substr(cut + 1, dot - cut - 1);
  out.kind = CellKind::kExact;
  return out;
}

ByHand name(const Names&, std::string_view text) {
  ByHand out;
  out.is_name = text == "Mail.Read";
  return out;
}

using Spelling = std::string (*)(std::size_t number);
using Parser = ByHand (*)(const Names& names, std::string_view text);

struct Case {
  const char* name;
  Spelling spell;
  Parser parse;
};

constexpr std::array<const char*, 3> kActions = {"read", "write", "approve"};

const Case kCases[] = {
    {"id", [](std::size_t n) { return std::string(kActions[n % 3]) + ":invoice_" + std::to_string(n); }, with_colon},
    {"long_id",
     [](std::size_t n) { return std::string(kActions[n % 3]) + ":invoice_2026/emea/paris/0000" + std::to_string(n); },
     with_colon},
    {"prefix", [](std::size_t n) { return std::string(kActions[n % 3]) + ":invoice_" + std::to_string(n) + "*"; },
     with_colon},
    {"everything", [](std::size_t n) { return std::string(kActions[n % 3]) + ":invoice_*"; }, with_colon},
    {"type", [](std::size_t) { return std::string("create:invoice"); }, of_type},
    {"dot_id", [](std::size_t n) { return "invoice_" + std::to_string(n) + "." + kActions[n % 3]; }, with_dot},
    {"single", [](std::size_t) { return std::string("profile.view"); }, with_dot},
    {"declared_name", [](std::size_t) { return std::string("Mail.Read"); }, name},
};

void measure(Session& session, const Schema& schema, const Case& one) {
  const std::string title = std::string("scope/") + one.name;
  session.progress(title);
  const Names names(schema);
  std::mt19937_64 random(19);
  Texts texts;
  for (std::size_t i = 0; i < kRequests; ++i)
    texts.add(one.spell(random() % 1000));
  for (std::size_t i = 0; i < kRequests; ++i) {
    const Result<ScopeRequest> parsed = parse_scope(schema, texts[i]);
    if (!parsed || !same(one.parse(names, texts[i]), *parsed)) give_up(title + ": not alike: " + std::string(texts[i]));
  }
  const auto by_hand = [&](std::size_t i) {
    const ByHand parsed = one.parse(names, texts[i]);
    return (parsed.action ^ parsed.id.size()) & 1U;
  };
  const auto by_writ = [&](std::size_t i) {
    const Result<ScopeRequest> parsed = parse_scope(schema, texts[i]);
    return parsed ? (parsed->cell.action ^ parsed->cell.id.size()) & 1U : std::size_t{0};
  };
  session.put(
      title,
      session.compare(
          title, [&](std::size_t first, std::size_t rounds) { return chained(first, rounds, kRequests, by_hand); },
          [&](std::size_t first, std::size_t rounds) { return chained(first, rounds, kRequests, by_writ); }));
}

}  // namespace

void scope(Session& session) {
  const Policy policy = compiled(kPolicy);
  for (const Case& one : kCases)
    measure(session, policy.program().schema(), one);
}

}  // namespace writ::bench
