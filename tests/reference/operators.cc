#include "tests/reference/operators.h"

#include <functional>

namespace writ::reference {

namespace {

// A number of any kind, with what it grows by while time grows by one.
struct Number {
  Wide n = 0;
  int slope = 0;
};

std::optional<Number> number(const Value& value) {
  if (const auto* n = as<Integer>(value)) return Number{static_cast<Wide>(n->n) * 10'000, 0};
  if (const auto* n = as<Decimal>(value)) return Number{n->units, 0};
  if (const auto* n = as<Instant>(value)) return Number{n->at, n->slope};
  if (const auto* n = as<Length>(value)) return Number{n->span, n->slope};
  return std::nullopt;
}

// A comparison of two numbers by their difference, which the test looks at: it keeps its truth until the difference
// crosses zero.
Outcome compare(const Number& left, const Number& right, std::int64_t now, const std::function<bool(Wide)>& test) {
  const Wide difference = left.n - right.n;
  const int slope = left.slope - right.slope;
  std::int64_t until = kForever;
  if (difference != 0 && slope != 0 && (difference > 0) != (slope > 0)) {
    const Wide distance = difference > 0 ? difference : -difference;
    const Wide crossing = now + distance / (slope > 0 ? slope : -slope);
    if (crossing < kForever) until = static_cast<std::int64_t>(crossing);
  }
  if (difference == 0 && slope != 0 && test(0) != test(slope)) until = now;
  return truth(test(difference), until);
}

std::optional<std::int64_t> narrow(Wide n) {
  if (n < std::numeric_limits<std::int64_t>::min() || n > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(n);
}

std::optional<Scope> scope(const Policy& policy, const Value& value) {
  if (const auto* given = as<Scope>(value)) return *given;
  if (const auto* text = as<std::string>(value)) return Scope{read_permission(policy, *text)};
  return std::nullopt;
}

bool is_scope(const Value& value) {
  return as<Scope>(value) != nullptr;
}

// `scope`, where a set is asked for, stands for each single one of that set: two scopes are equal only if that is so
// whichever is meant.
Outcome same_scope(const Scope& left, const Scope& right) {
  if (left.open && right.open) return truth(true);
  if (!left.open && !right.open) return truth(left.cells == right.cells);
  const Scope& open = left.open ? left : right;
  const Scope& other = left.open ? right : left;
  // One single resource is meant; it can be the other scope only if that is one resource of the set.
  if (other.cells.size() != 1 || is_open(*other.cells.begin())) return truth(false);
  return covers(*open.cells.begin(), *other.cells.begin()).yes() ? unknown() : truth(false);
}

Outcome same_record(const Policy& policy, const Fields& left, const Fields& right, std::int64_t now) {
  std::vector<Outcome> all;
  for (const auto* fields : {&left, &right}) {
    for (const auto& [name, value] : *fields) {
      if (!left.contains(name) || !right.contains(name)) return truth(false);
    }
  }
  for (const auto& [name, value] : left)
    all.push_back(equal(policy, value, right.at(name), now));
  return both(all);
}

Outcome has_all(const Policy& policy, const Items& left, const Items& right, std::int64_t now) {
  std::vector<Outcome> all;
  for (const Value& item : right)
    all.push_back(contains(policy, left, item, now));
  return both(all);
}

// Whether the scopes on the left, taken together, cover the one on the right.
Outcome covers_scope(const std::vector<Scope>& left, const Scope& right) {
  if (left.size() == 1 && left[0].open) return same_scope(left[0], right);  // one resource covers no more than itself
  std::vector<Outcome> all;
  for (const Cell& cell : right.cells) {
    std::vector<Outcome> one;
    for (const Scope& each : left) {
      for (const Cell& mine : each.cells)
        one.push_back(covers(mine, cell));
    }
    all.push_back(either(one));
  }
  return both(all);
}

}  // namespace

Outcome equal(const Policy& policy, const Value& left, const Value& right, std::int64_t now) {
  if (const auto a = number(left), b = number(right); a && b) {
    return compare(*a, *b, now, [](Wide d) { return d == 0; });
  }
  if (is_scope(left) || is_scope(right)) return same_scope(*scope(policy, left), *scope(policy, right));
  if (as<Address>(left) != nullptr || as<Address>(right) != nullptr) {
    const auto address = [](const Value& value) {
      const auto* text = as<std::string>(value);
      return text != nullptr ? read_address(*text).value() : std::get<Address>(value.is);
    };
    return truth(address(left) == address(right));
  }
  if (const auto* a = as<Entity>(left)) {
    const Entity& b = std::get<Entity>(right.is);
    if (a->type != b.type) return truth(false);
    return a->open || b.open ? unknown() : truth(a->id == b.id);
  }
  if (const auto* a = as<Items>(left)) {
    const Items& b = std::get<Items>(right.is);
    return both({has_all(policy, *a, b, now), has_all(policy, b, *a, now)});
  }
  if (const auto* a = as<Fields>(left)) return same_record(policy, *a, std::get<Fields>(right.is), now);
  if (const auto* a = as<std::string>(left)) return truth(*a == std::get<std::string>(right.is));
  return truth(std::get<bool>(left.is) == std::get<bool>(right.is));
}

Outcome less(const Value& left, const Value& right, bool or_equal, std::int64_t now) {
  return compare(number(left).value(), number(right).value(), now,
                 [or_equal](Wide d) { return or_equal ? d <= 0 : d < 0; });
}

Outcome contains(const Policy& policy, const Items& set, const Value& value, std::int64_t now) {
  std::vector<Outcome> one;
  for (const Value& item : set)
    one.push_back(equal(policy, item, value, now));
  return either(one);
}

Outcome covers(const Policy& policy, const Value& left, const Value& right, std::int64_t now) {
  std::vector<Scope> scopes;
  const auto* set = as<Items>(left);
  const auto* wanted = as<Items>(right);
  const bool of_scopes = is_scope(left) || is_scope(right) ||
                         (set != nullptr && !set->empty() && is_scope(set->front())) ||
                         (wanted != nullptr && !wanted->empty() && is_scope(wanted->front()));
  if (!of_scopes && set != nullptr && wanted != nullptr) return has_all(policy, *set, *wanted, now);
  for (const Value& item : set != nullptr ? *set : Items{left})
    scopes.push_back(*scope(policy, item));
  std::vector<Outcome> all;
  for (const Value& item : wanted != nullptr ? *wanted : Items{right}) {
    all.push_back(covers_scope(scopes, *scope(policy, item)));
  }
  return both(all);
}

namespace {

// left + sign * right
std::optional<Value> combine(const Value& left, const Value& right, int sign) {
  const auto* a = as<Integer>(left);
  const auto* b = as<Integer>(right);
  if (a != nullptr && b != nullptr) {
    const auto n = narrow(static_cast<Wide>(a->n) + sign * static_cast<Wide>(b->n));
    return n ? std::optional(Value{Integer{*n}}) : std::nullopt;
  }
  const Number x = number(left).value();
  const Number y = number(right).value();
  const auto n = narrow(x.n + sign * y.n);
  if (!n) return std::nullopt;
  if (as<Decimal>(left) != nullptr || as<Decimal>(right) != nullptr) return Value{Decimal{*n}};
  // Two times differ by a length, and a time moved by a length is a time.
  const int slope = x.slope + sign * y.slope;
  if ((as<Instant>(left) != nullptr) != (as<Instant>(right) != nullptr)) return Value{Instant{*n, slope}};
  return Value{Length{*n, slope}};
}

}  // namespace

std::optional<Value> add(const Value& left, const Value& right) {
  return combine(left, right, 1);
}
std::optional<Value> subtract(const Value& left, const Value& right) {
  return combine(left, right, -1);
}

std::optional<Value> negate(const Value& value) {
  const auto* integer = as<Integer>(value);
  const Number x = integer != nullptr ? Number{integer->n, 0} : number(value).value();
  const auto n = narrow(-x.n);
  if (!n) return std::nullopt;
  if (integer != nullptr) return Value{Integer{*n}};
  if (as<Decimal>(value) != nullptr) return Value{Decimal{*n}};
  return Value{Length{*n, -x.slope}};
}

std::optional<Value> multiply(const Value& left, const Value& right) {
  const auto* times = as<Integer>(right);
  if (times == nullptr) return multiply(right, left);
  const auto* integer = as<Integer>(left);
  const Number x = integer != nullptr ? Number{integer->n, 0} : number(left).value();
  const auto n = narrow(x.n * times->n);
  if (!n) return std::nullopt;
  if (integer != nullptr) return Value{Integer{*n}};
  if (as<Decimal>(left) != nullptr) return Value{Decimal{*n}};
  return Value{Length{*n, 0}};
}

}  // namespace writ::reference
