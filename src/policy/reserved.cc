#include "src/policy/reserved.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "src/diagnostics/suggest.h"

namespace writ::policy {
namespace {

constexpr std::array<std::string_view, 11> kStatementWords = {
    "actions", "alias", "allow", "context", "define", "deny", "entity", "limit", "require", "test", "trust"};

constexpr std::array<std::string_view, 49> kReserved = {
    "above",  "absent",   "action",  "actions", "agents",   "alias",   "all",     "allow",    "and",    "any",
    "ask",    "audience", "because", "before",  "contains", "context", "covers",  "define",   "deny",   "entity",
    "false",  "for",      "has",     "if",      "in",       "last",    "like",    "limit",    "means",  "none",
    "not",    "notify",   "of",      "once",    "or",       "proof",   "require", "resource", "scope",  "set",
    "single", "test",     "time",    "to",      "true",     "trust",   "via",     "with",     "ceiling"};

// Every name of every condition is looked up here, so the words stand in a table of twice their number, by length and
// the first and last letter.
constexpr std::size_t kSlots = 128;

constexpr std::size_t slot_of(std::string_view word) {
  const auto first = static_cast<std::size_t>(static_cast<unsigned char>(word.front()));
  const auto last = static_cast<std::size_t>(static_cast<unsigned char>(word.back()));
  return (first * 7 + last * 29 + word.size() * 3) % kSlots;
}

constexpr std::array<std::uint8_t, kSlots> make_slots() {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t i = 0; i < kReserved.size(); ++i) {
    std::size_t slot = slot_of(kReserved[i]);
    while (slots[slot] != 0)
      slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<std::uint8_t>(i + 1);
  }
  return slots;
}

constexpr std::array<std::uint8_t, kSlots> kReservedSlots = make_slots();

}  // namespace

std::span<const std::string_view> statement_words() {
  return kStatementWords;
}

bool is_statement_word(std::string_view word) {
  return std::find(kStatementWords.begin(), kStatementWords.end(), word) != kStatementWords.end();
}

std::string meant_statement_word(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kInstead = {{
      {"permit", "allow"},
      {"grant", "allow"},
      {"forbid", "deny"},
      {"reject", "deny"},
      {"refuse", "deny"},
      {"type", "entity"},
      {"resource", "entity"},
      {"action", "actions"},
      {"let", "define"},
  }};
  std::string lower(word);
  for (char& c : lower)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const auto& [wrong, right] : kInstead) {
    if (lower == wrong) return std::string(right);
  }
  if (is_statement_word(lower)) return lower;
  return suggest(lower, {kStatementWords.begin(), kStatementWords.end()});
}

bool is_reserved(std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t slot = slot_of(word); kReservedSlots[slot] != 0; slot = (slot + 1) % kSlots) {
    if (kReserved[kReservedSlots[slot] - 1U] == word) return true;
  }
  return false;
}

bool is_reserved_type(std::string_view word) {
  return is_reserved(word) || word == "at" || word == "type";
}

}  // namespace writ::policy
