#include "tests/properties/property.h"

#include <algorithm>
#include <set>

#include "tests/support/shrink.h"

namespace writ::test {

using reference::Answer;
using reference::Case;
using reference::Verdict;

namespace {

// What the property that runs has looked at.
struct Looked {
  std::uint64_t cases = 0;
  std::uint64_t compiled = 0;
  std::uint64_t compared = 0;
  std::uint64_t granted = 0;
} looked;

std::string first_word(const std::string& line) {
  const std::size_t from = line.starts_with('@') ? line.find(' ') + 1 : 0;
  return line.substr(from, line.find(' ', from) - from);
}

}  // namespace

void Property::SetUp() {
  looked = {};
}

void Property::TearDown() {
  EXPECT_GE(2 * looked.compiled, looked.cases) << "too few of the cases compile";
  constexpr std::uint64_t kEnough = 1'000;  // a run of little length may have drawn none that grants
  if (looked.compared >= kEnough) {
    EXPECT_GE(looked.granted, looked.compared / 100) << "hardly anything was granted";
  }
}

const std::vector<std::pair<std::string, Ask>>& sides() {
  static const std::vector<std::pair<std::string, Ask>> both = {{"engine", {&Twins::engine_answer}},
                                                                {"reference", {&Twins::reference_answer}}};
  return both;
}

std::int64_t time_of(const std::string& request) {
  const std::size_t from = request.find("\"time\":\"") + 8;
  return reference::read_instant(request.substr(from, request.find('"', from) - from)).value();
}

Checked checked_case(std::uint64_t seed) {
  ++looked.cases;
  Case made = reference::typed_case(seed);
  std::size_t number = 0;
  for (std::string& line : made.policy) {
    if (!is_rule(line)) continue;
    if (line.starts_with('@')) line.erase(0, line.find(' ') + 1);
    line = "@r" + std::to_string(++number) + " " + line;
  }
  for (int round = 0; round < 4; ++round) {
    auto twins = Twins::make(made);
    if (twins != nullptr) {
      ++looked.compiled;
      return {made, std::move(twins)};
    }
    const PolicyText text{"case.writ", made.policy_text()};
    std::set<std::size_t> wrong;
    for (const Diagnostic& said : policy::compile({&text, 1}).diagnostics) {
      if (said.severity == Severity::kError) wrong.insert(said.line - 1);
    }
    for (auto line = wrong.rbegin(); line != wrong.rend(); ++line) {
      made.policy.erase(made.policy.begin() + static_cast<std::ptrdiff_t>(*line));
    }
  }
  return {};
}

bool is_rule(const std::string& line) {
  const std::string word = first_word(line);
  return word == "allow" || word == "trust" || is_restriction(line);
}

bool is_allow(const std::string& line) {
  return first_word(line) == "allow";
}

bool is_restriction(const std::string& line) {
  const std::string word = first_word(line);
  return word == "deny" || word == "require" || word == "limit";
}

std::string what_is_wider(const Answer& narrow, const Answer& wide) {
  ++looked.compared;
  if (narrow.error || narrow.verdict != Verdict::kAllow) return "";
  ++looked.granted;
  if (wide.error || wide.verdict != Verdict::kAllow) return "allows\n";
  std::string more;
  if (narrow.lifetime > wide.lifetime) more += "lives longer\n";
  if (narrow.valid_until > wide.valid_until) more += "is valid longer\n";
  if (wide.once && !narrow.once) more += "is not for once\n";
  if (wide.proof && !narrow.proof) more += "needs no proof\n";
  for (const std::string& text : wide.notify) {
    if (std::find(narrow.notify.begin(), narrow.notify.end(), text) == narrow.notify.end()) more += "does not notify\n";
  }
  if (wide.audience && !narrow.audience) more += "has any audience\n";
  if (wide.audience && narrow.audience &&
      !std::includes(wide.audience->begin(), wide.audience->end(), narrow.audience->begin(), narrow.audience->end())) {
    more += "has more audiences\n";
  }
  return more;
}

std::string what_is_wider_in_time(const Answer& narrow, std::int64_t now,
                                  const std::function<Answer(std::int64_t at)>& wide) {
  const Answer first = wide(now);
  if (what_is_wider(narrow, first).empty()) return "";
  constexpr std::int64_t kSecond = 1'000'000;
  const std::int64_t end = now + narrow.lifetime * kSecond;
  std::set<std::int64_t> instants = {now, now + kSecond, now + (end - now) / 2, end - 1};
  if (first.valid_until < end) instants.insert({first.valid_until, first.valid_until + 1});
  for (const std::int64_t at : instants) {
    if (at < now || at >= end) continue;
    const Answer then = wide(at);
    if (then.because == std::vector<std::string>{"no time is left"}) continue;  // another answer begins within a second
    Answer left = narrow;
    left.lifetime = 0;
    left.valid_until = at;
    const std::string more = what_is_wider(left, then);
    if (!more.empty()) return "at " + std::to_string(at) + ": " + more;
  }
  return "";
}

std::string regardless_of_place(Answer answer) {
  for (auto* texts : {&answer.rules, &answer.because, &answer.ask, &answer.notify})
    std::sort(texts->begin(), texts->end());
  return show(answer);
}

std::string show(const Case& from, const std::string& request, const std::string& more) {
  Case one = from;
  one.requests = {request};
  return show(one) + more;
}

}  // namespace writ::test
