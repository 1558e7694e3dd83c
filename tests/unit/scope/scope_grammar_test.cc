// The hand-written scanner of scope strings against the grammar that says what it has to accept.
#include <gtest/gtest.h>

#include <string>

#include <tao/pegtl.hpp>

#include "grammar/scope.hpp"
#include "src/scope/parse_scope.h"
#include "tests/unit/scope/world.h"

namespace writ {
namespace {

template <typename Rule>
bool in_grammar(const std::string& text) {
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf, const char*> in(
      text.data(), text.data() + text.size(), "");
  return tao::pegtl::parse<Rule>(in);
}

// Whether a result is one of a string that is spelled well, whatever its names mean.
template <typename T>
bool well_spelled(const Result<T>& result) {
  return result.has_value() || result.error().code != ErrorCode::kBadScope;
}

// All strings of up to five of these. No single types and no ids of closed ones, which the scanner refuses for what
// they mean.
constexpr std::string_view kPieces[] = {"read", "invoice", "x", "_", "*", ".", ":", "1", "-", "create", " ", "{", "\""};

template <typename Check>
void all_strings(int pieces, std::string& text, const Check& check) {
  check(text);
  if (pieces == 0) return;
  for (const std::string_view piece : kPieces) {
    const std::size_t size = text.size();
    text += piece;
    all_strings(pieces - 1, text, check);
    text.resize(size);
  }
}

TEST(ScopeGrammar, TheScannerAcceptsJustThat) {
  const auto schema = make_world();
  std::string text;
  int accepted = 0;
  all_strings(5, text, [&](const std::string& scope) {
    const bool expected = in_grammar<grammar::request::scope>(scope);
    accepted += expected ? 1 : 0;
    ASSERT_EQ(well_spelled(parse_scope(*schema, scope)), expected) << scope;
  });
  EXPECT_GT(accepted, 1000);
}

TEST(ScopeGrammar, AndOfPermissions) {
  const auto schema = make_world();
  std::string text;
  int accepted = 0;
  all_strings(5, text, [&](const std::string& permission) {
    Arena arena;
    const bool expected = in_grammar<grammar::request::permission>(permission);
    accepted += expected ? 1 : 0;
    const auto result = parse_permission(*schema, permission, arena);
    // An action that nobody declared is said before what follows it is looked at.
    ASSERT_TRUE(expected || !result.has_value()) << permission;
    ASSERT_TRUE(!expected || well_spelled(result)) << permission;
  });
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace writ
