// Values that a host hands to Writ: attributes of entities and context of a request.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace writ {

// Microseconds since 1970-01-01T00:00:00Z. 64 bits: about 290,000 years either way.
struct Time {
  std::int64_t microseconds = 0;
  friend constexpr auto operator<=>(Time, Time) = default;
};

// Microseconds.
struct Duration {
  std::int64_t microseconds = 0;
  static constexpr Duration seconds(std::int64_t count) { return {count * 1'000'000}; }
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

// An IPv4 or IPv6 address or network. IPv4 takes the first four bytes; `prefix` is 32 or 128 for an address. The bits
// past the prefix are zero.
struct Ip {
  std::array<std::uint8_t, 16> bytes{};
  std::uint8_t prefix = 0;
  bool v4 = true;
  friend constexpr bool operator==(const Ip&, const Ip&) = default;
};

struct NamedValue;

// What.          One typed value, as a view: text, items and fields belong to the caller.
// Thread-safety. A value; safe to share while what it points to is.
// Lifetime.      Must not outlive the text, items and fields it was made from.
// Cost.          Trivially copyable, nothing on the heap.
// Fails.         Making one never does; whether it fits the policy's declarations is said by whoever takes it.
struct Value {
  enum class Kind : std::uint8_t {
    kBool,
    kInt,
    kDecimal,
    kString,
    kTime,
    kDuration,
    kIp,
    kEntity,
    kScope,
    kSet,
    kRecord
  };

  Kind kind = Kind::kBool;
  std::int64_t number = 0;             // bool 0 or 1; int; decimal in 1/10000; time and duration in microseconds
  std::string_view text;               // string; scope as written; entity: the id
  std::string_view type;               // entity: its type
  Ip address;                          // ip
  std::span<const Value> items;        // set; order and repetition do not matter
  std::span<const NamedValue> fields;  // record

  static constexpr Value boolean(bool b) { return of(Kind::kBool, b ? 1 : 0); }
  static constexpr Value integer(std::int64_t i) { return of(Kind::kInt, i); }
  // In units of 1/10000: 40.00 is decimal(400000).
  static constexpr Value decimal(std::int64_t units) { return of(Kind::kDecimal, units); }
  static constexpr Value time(Time t) { return of(Kind::kTime, t.microseconds); }
  static constexpr Value duration(Duration d) { return of(Kind::kDuration, d.microseconds); }
  static constexpr Value string(std::string_view s) { return of(Kind::kString, 0, s); }
  static constexpr Value scope(std::string_view s) { return of(Kind::kScope, 0, s); }
  static constexpr Value entity(std::string_view type, std::string_view id) {
    Value value = of(Kind::kEntity, 0, id);
    value.type = type;
    return value;
  }
  static constexpr Value ip(const Ip& address) {
    Value value = of(Kind::kIp, 0);
    value.address = address;
    return value;
  }
  static constexpr Value set(std::span<const Value> items) {
    Value value = of(Kind::kSet, 0);
    value.items = items;
    return value;
  }
  static constexpr Value record(std::span<const NamedValue> fields) {
    Value value = of(Kind::kRecord, 0);
    value.fields = fields;
    return value;
  }

 private:
  static constexpr Value of(Kind kind, std::int64_t number, std::string_view text = {}) {
    Value value;
    value.kind = kind;
    value.number = number;
    value.text = text;
    return value;
  }
};

struct NamedValue {
  std::string_view name;
  Value value;
};

}  // namespace writ
