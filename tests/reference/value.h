// Values as the reference keeps them: plain, slow, and none of the engine's.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace writ::reference {

// Wide enough for any sum, difference or product of two numbers.
__extension__ typedef __int128 Wide;

// Thrown for data and requests that say what the policy's declarations do not admit.
struct NotUnderstood : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Instants and spans are microseconds.
inline constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

enum class CellKind { kAll, kPrefix, kExact, kType };

// One action of one type: every single resource, those whose id begins so, one (the one of a single type has an empty
// id), or the type itself.
struct Cell {
  std::string action;
  std::string type;
  CellKind kind = CellKind::kAll;
  std::string id;
  auto operator<=>(const Cell&) const = default;
};

struct Integer {
  std::int64_t n = 0;
};
struct Decimal {
  std::int64_t units = 0;  // of 1/10000
};
// `slope`: by how much it grows while `time` grows by one. What was computed from `time` has one.
struct Instant {
  std::int64_t at = 0;
  int slope = 0;
};
struct Length {
  std::int64_t span = 0;
  int slope = 0;
};
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  int prefix = 0;
  bool v4 = true;
  bool operator==(const Address&) const = default;
};
struct Entity {
  std::string type;
  std::string id;
  bool open = false;  // the resource of a request for a set of them, or for the type: which one is not said
  auto operator<=>(const Entity&) const = default;
};
struct Scope {
  std::set<Cell> cells;
  bool open = false;  // the set that is asked for, when a condition looks at `scope`: it stands for each one of it
};

struct Value;
using Items = std::vector<Value>;  // a set: order and repetition mean nothing
using Fields = std::map<std::string, Value>;

struct Value {
  std::variant<bool, Integer, Decimal, std::string, Instant, Length, Address, Entity, Scope, Items, Fields> is;
};

template <class T>
const T* as(const Value& value) {
  return std::get_if<T>(&value.is);
}

// What an expression comes to: a value or (without one) unknown; how long it stays so; and which facts were missing.
struct Outcome {
  std::optional<Value> value;
  std::int64_t until = kForever;
  std::set<std::string> missing;
  std::string path;  // how `missing` names what is read from this value: "invoice.owner"

  bool known() const { return value.has_value(); }
  bool yes() const { return known() && std::get<bool>(value->is); }
  bool no() const { return known() && !std::get<bool>(value->is); }
};

Outcome known(Value value, std::int64_t until = kForever);
Outcome truth(bool is, std::int64_t until = kForever);
Outcome unknown(std::set<std::string> missing = {}, std::int64_t until = kForever);

// Kleene's strong logic, with `until` and `missing` carried along.
Outcome both(const std::vector<Outcome>& operands);    // and; of nothing: true
Outcome either(const std::vector<Outcome>& operands);  // or; of nothing: false
Outcome opposite(Outcome operand);

// For operations that need all of their operands. One that is unknown makes the result unknown, which lasts as long as
// all of them do; so does a result.
bool all_known(const std::vector<Outcome>& operands);
Outcome unknown_of(const std::vector<Outcome>& operands);
Outcome no_longer_than(Outcome result, const std::vector<Outcome>& operands);

// Texts as they stand in data and requests. Nothing where it cannot be read.
std::optional<std::int64_t> read_decimal(std::string_view text);  // in units
std::optional<std::int64_t> read_length(std::string_view text);   // 1h30m
std::optional<std::int64_t> read_instant(std::string_view text);  // RFC 3339
std::optional<Address> read_address(std::string_view text);
bool lies_in(const Address& inner, const Address& network);

// A set of ids stands open: only their beginning is known.
bool is_open(const Cell& cell);
// true: every resource of `asked` is one of `pattern`; false: none; unknown: some may be.
Outcome covers(const Cell& pattern, const Cell& asked);

// `glob` as after `like`: `*` any run, `{}` a run without `/`, a backslash takes the meaning from the next character.
bool matches(std::string_view glob, std::string_view text);

}  // namespace writ::reference
