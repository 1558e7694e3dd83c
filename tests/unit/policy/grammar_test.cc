// That no rule of the grammar can go round without reading anything. Apart from the other tests, because it costs the
// compiler seconds.
#include <gtest/gtest.h>

#include <tao/pegtl/contrib/analyze.hpp>

#include "grammar/policy.hpp"
#include "grammar/scope.hpp"

namespace writ::grammar {
namespace {

TEST(Grammar, ReadsSomethingOnEachRound) {
  EXPECT_EQ(tao::pegtl::analyze<file>(), 0U);
  EXPECT_EQ(tao::pegtl::analyze<rest_of_test>(), 0U);
  EXPECT_EQ(tao::pegtl::analyze<request::scope>(), 0U);
  EXPECT_EQ(tao::pegtl::analyze<request::permission>(), 0U);
}

template <typename Rule>
bool matches(const std::string& text) {
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> in(text, "");
  return tao::pegtl::parse<Rule>(in);
}

TEST(Grammar, Scopes) {
  for (const char* text : {"read:invoice_123", "read:invoice_12*", "read:invoice_*", "read:invoice", "invoice_123.read",
                           "invoice.read", "invoice_*.read", "invoice_12*.read", "a_b-c:invoice_a.b",
                           "invoice_a.b.a_b-c", "read:x_=@~/+-._", "read:x__"}) {
    EXPECT_TRUE(matches<request::scope>(text)) << text;
    EXPECT_TRUE(matches<request::permission>(text)) << text;
  }
  for (const char* text : {"",
                           "read",
                           "*",
                           "read:",
                           ":invoice",
                           "read:invoice_",
                           "read:in-voice",
                           "read:invoice_1*2",
                           "read:invoice_**",
                           "1read:x",
                           "read:1x",
                           "read:x y",
                           "read:x_\"y\"",
                           "{read}:x",
                           "read:{x}",
                           "invoice_.read",
                           "invoice_1.",
                           ".read",
                           "read:x:y",
                           "invoice_a.b.1c",
                           " read:x",
                           "read:x "}) {
    EXPECT_FALSE(matches<request::scope>(text)) << text;
  }
  for (const char* text : {"*", "*:*", "*:*_*", "read:*", "*:invoice", "*:invoice_12*", "*.read", "*_*.*",
                           "invoice_a.*", "invoice_a*.*"}) {
    EXPECT_TRUE(matches<request::permission>(text)) << text;
    EXPECT_FALSE(matches<request::scope>(text)) << text;
  }
  for (const char* text : {"**", "*:*_1", "*_1.read", "{a}:b", "*:", "*.*x"})
    EXPECT_FALSE(matches<request::permission>(text)) << text;
}

}  // namespace
}  // namespace writ::grammar
