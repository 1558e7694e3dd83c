// A file parsed in two halves is the file parsed as a whole, and so is the policy: wherever the halves meet, and
// whatever is wrong.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "src/policy/compile.h"
#include "src/policy/parse.h"
#include "tests/unit/policy/ast_shape.h"
#include "tests/unit/policy/parsed.h"
#include "tests/unit/policy/random_policy.h"

namespace writ::policy {
namespace {

// How many Asts the text became.
std::size_t expect_same(const std::string& text) {
  const Parsed whole = parsed(text);
  const auto source = std::make_shared<const Source>("p.writ", text);
  Report report({source});
  const std::vector<Ast> parts = parse_apart(source, 0, report, 2, 1);
  std::string shape;
  std::vector<Span> spans;
  for (const Ast& part : parts) {
    shape += shape_of(part);
    for (const Item& item : part.items)
      spans.push_back(item.span);
  }
  EXPECT_EQ(shape, shape_of(whole.ast)) << text;
  EXPECT_EQ(render(report.take()), render(whole.diagnostics)) << text;
  EXPECT_TRUE(std::equal(spans.begin(), spans.end(), whole.ast.items.begin(), whole.ast.items.end(),
                         [](Span a, const Item& b) { return a.begin == b.span.begin && a.end == b.span.end; }))
      << text;
  return parts.size();
}

// Comments in front and behind move the middle through the text.
std::size_t expect_same_everywhere(const std::string& text, std::size_t step) {
  std::size_t apart = 0;
  for (std::size_t padding = 0; padding < text.size(); padding += step) {
    const std::string comment = "#" + std::string(padding, 'x') + "\n";
    apart += expect_same(comment + text) - 1;
    apart += expect_same(text + "\n" + comment) - 1;
  }
  return apart;
}

TEST(ParseApart, ShippedPoliciesWhereverTheHalvesMeet) {
  std::size_t apart = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("policies")) {
    if (entry.path().extension() != ".writ") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    apart += expect_same_everywhere(text, 1 + text.size() / 64);
  }
  EXPECT_GT(apart, 100U);
}

TEST(ParseApart, PoliciesByChanceAlsoDamagedOnes) {
  std::mt19937_64 random(3);
  std::size_t apart = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::string text = random_policy(seed, seed % 2 == 1);
    apart += expect_same_everywhere(text, 1 + text.size() / 8);
    if (text.empty()) continue;
    text.erase(random() % text.size(), 1 + random() % 3);
    expect_same_everywhere(text, 1 + text.size() / 8);
  }
  EXPECT_GT(apart, 100U);
}

TEST(ParseApart, AHalfThatBreaksOffIsNoError) {
  EXPECT_EQ(expect_same("entity user\nallow a:b if x ==\n\nallow c:d\n"), 1U);
  EXPECT_EQ(expect_same("test \"t\" {\nallow a:b to u\nallow c:d to u\n}\n"), 1U);
  EXPECT_EQ(expect_same("allow a:b\nallow c:d\n"), 2U);
  EXPECT_EQ(expect_same(""), 1U);
}

// Enough that every stage takes its second thread.
std::string large(bool wrong) {
  std::string text = "entity group\nentity user in group { level: int }\nentity doc\nactions read, write for doc\n";
  for (std::size_t i = 0; i < 60'000; ++i) {
    const std::string id = std::to_string(i * 7919 % 60'000);
    text += "allow read:doc_" + id + " to user:u" + std::to_string(i % 9'000);
    text += i % 5 == 0 ? " if user.level >= " + std::to_string(i % 13) + "\n" : "\n";
    if (i % 11 == 0) text += "@d" + id + " deny write:doc_" + id + " to group:g" + id + " because \"no " + id + "\"\n";
    if (wrong && i % 20'000 == 19'999) text += "allow fly:doc_" + id + "\n";
  }
  return text;
}

std::vector<Diagnostic> compiled(const std::string& text, unsigned threads, std::string& digest) {
  const PolicyText texts[] = {{"b.writ", text}, {"a.writ", "entity agent\n"}};
  CompileBudget budget;
  budget.threads = threads;
  Compilation made = compile_texts(texts, budget);
  digest = made.policy ? made.policy->digest() : "";
  return made.diagnostics;
}

TEST(ParseApart, APolicyIsTheSameByAnyNumberOfThreads) {
  for (const bool wrong : {false, true}) {
    const std::string text = large(wrong);
    std::string one, two, many;
    const std::string said = render(compiled(text, 1, one));
    EXPECT_EQ(render(compiled(text, 2, two)), said);
    EXPECT_EQ(render(compiled(text, 64, many)), said);
    EXPECT_EQ(one.empty(), wrong);
    EXPECT_EQ(two, one);
    EXPECT_EQ(many, one);
  }
}

}  // namespace
}  // namespace writ::policy
