// What the tests of properties share. Each property is looked at through the engine and through the reference: one of
// them might be wrong, and so might what both were written from.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference/random.h"
#include "tests/support/run_length.h"
#include "tests/support/twins.h"

namespace writ::test {

// A property says nothing where nothing was looked at: most cases have to compile, and where answers are compared some
// have to grant something, as nothing else can be too wide.
class Property : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
};

// Which side is asked: engine or reference. `at`: in place of the request's own time.
struct Ask {
  reference::Answer (Twins::*side)(std::string_view, std::optional<std::int64_t>) const;
  reference::Answer operator()(const Twins& twins, const std::string& request,
                               std::optional<std::int64_t> at = std::nullopt) const {
    return (twins.*side)(request, at);
  }
};
const std::vector<std::pair<std::string, Ask>>& sides();
std::int64_t time_of(const std::string& request);

// A made-up case whose statements all pass the checker, each with an @id of its own, so that it keeps it wherever it
// stands. Empty if the data is refused.
struct Checked {
  reference::Case from;
  std::unique_ptr<Twins> twins;
};
Checked checked_case(std::uint64_t seed);

bool is_rule(const std::string& line);
bool is_allow(const std::string& line);
// deny, require, limit.
bool is_restriction(const std::string& line);

// Nothing if `narrow` grants no more than `wide`: not where that does not, not longer, and with no demand less.
// Otherwise what it grants more.
std::string what_is_wider(const reference::Answer& narrow, const reference::Answer& wide);

// The same instant by instant: nothing if the wide question is answered at least as widely whenever the narrow grant
// still lives. A limit that is only known to may apply is in force at once, while one that is known to begin later cuts
// a life short so that it can; lives alone cannot be compared between the two.
std::string what_is_wider_in_time(const reference::Answer& narrow, std::int64_t now,
                                  const std::function<reference::Answer(std::int64_t at)>& wide);

// The answer as it is wherever the statements stand.
std::string regardless_of_place(reference::Answer answer);

std::string show(const reference::Case& from, const std::string& request, const std::string& more);

}  // namespace writ::test
