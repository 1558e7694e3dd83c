// The operators of conditions over known values. What a literal stands for is found here: a whole number for a decimal,
// a text for an address or a scope.
#pragma once

#include <optional>

#include "tests/reference/policy.h"
#include "tests/reference/value.h"

namespace writ::reference {

Outcome equal(const Policy& policy, const Value& left, const Value& right, std::int64_t now);
// left < right, or with `or_equal` left <= right.
Outcome less(const Value& left, const Value& right, bool or_equal, std::int64_t now);

// Whether one of `set` is equal to `value`.
Outcome contains(const Policy& policy, const Items& set, const Value& value, std::int64_t now);
// Of scopes, sets of scopes, and sets.
Outcome covers(const Policy& policy, const Value& left, const Value& right, std::int64_t now);

// Nothing where the result does not fit in 64 bits.
std::optional<Value> add(const Value& left, const Value& right);
std::optional<Value> subtract(const Value& left, const Value& right);
std::optional<Value> negate(const Value& value);
std::optional<Value> multiply(const Value& left, const Value& right);

}  // namespace writ::reference
