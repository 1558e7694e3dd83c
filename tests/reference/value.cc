#include "tests/reference/value.h"

#include <date/date.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace writ::reference {

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// The groups of an IPv6 address without `::`, as bytes.
std::optional<std::vector<std::uint8_t>> read_groups(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  if (text.empty()) return bytes;
  for (const std::string& group : split(text, ':')) {
    unsigned n = 0;
    const auto [end, fault] = std::from_chars(group.data(), group.data() + group.size(), n, 16);
    if (fault != std::errc{} || end != group.data() + group.size() || group.size() > 4) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(n >> 8));
    bytes.push_back(static_cast<std::uint8_t>(n & 0xFF));
  }
  return bytes;
}

std::optional<Address> read_v4(const std::string& text) {
  Address address{{}, 32, true};
  const std::vector<std::string> parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!all_digits(parts[i]) || parts[i].size() > 3 || (parts[i].size() > 1 && parts[i][0] == '0'))
      return std::nullopt;
    const int n = std::stoi(parts[i]);
    if (n > 255) return std::nullopt;
    address.bytes[i] = static_cast<std::uint8_t>(n);
  }
  return address;
}

std::optional<Address> read_v6(const std::string& text) {
  Address address{{}, 128, false};
  const std::size_t gap = text.find("::");
  const auto front = read_groups(text.substr(0, gap));
  const auto back = gap == std::string::npos ? read_groups("") : read_groups(text.substr(gap + 2));
  if (!front || !back) return std::nullopt;
  const std::size_t said = front->size() + back->size();
  if (gap == std::string::npos ? said != 16 : said > 14) return std::nullopt;
  std::copy(front->begin(), front->end(), address.bytes.begin());
  std::copy(back->begin(), back->end(), address.bytes.end() - static_cast<std::ptrdiff_t>(back->size()));
  return address;
}

bool bit(const Address& address, int n) {
  return ((address.bytes[static_cast<std::size_t>(n / 8)] >> (7 - n % 8)) & 1) != 0;
}

}  // namespace

// ------------------------------------------------------------------------------------------ three values

Outcome known(Value value, std::int64_t until) {
  return {std::move(value), until, {}, {}};
}
Outcome truth(bool is, std::int64_t until) {
  return known(Value{is}, until);
}
Outcome unknown(std::set<std::string> missing, std::int64_t until) {
  return {std::nullopt, until, std::move(missing), {}};
}

// False as soon as one operand is, for as long as the last of these; otherwise as long as all of them stay as they are.
Outcome both(const std::vector<Outcome>& operands) {
  std::int64_t longest_false = std::numeric_limits<std::int64_t>::min();
  std::int64_t shortest = kForever;
  bool any_false = false;
  bool any_unknown = false;
  std::set<std::string> missing;
  for (const Outcome& operand : operands) {
    if (operand.no()) {
      any_false = true;
      longest_false = std::max(longest_false, operand.until);
    } else if (!operand.known()) {
      any_unknown = true;
      missing.insert(operand.missing.begin(), operand.missing.end());
    }
    shortest = std::min(shortest, operand.until);
  }
  if (any_false) return truth(false, longest_false);
  if (any_unknown) return unknown(missing, shortest);
  return truth(true, shortest);
}

Outcome opposite(Outcome operand) {
  if (operand.known()) operand.value = Value{operand.no()};
  return operand;
}

Outcome either(const std::vector<Outcome>& operands) {
  std::vector<Outcome> opposites;
  for (const Outcome& operand : operands)
    opposites.push_back(opposite(operand));
  return opposite(both(opposites));
}

Outcome unknown_of(const std::vector<Outcome>& operands) {
  Outcome result = unknown();
  for (const Outcome& operand : operands) {
    if (!operand.known()) result.missing.insert(operand.missing.begin(), operand.missing.end());
    result.until = std::min(result.until, operand.until);
  }
  return result;
}

bool all_known(const std::vector<Outcome>& operands) {
  for (const Outcome& operand : operands) {
    if (!operand.known()) return false;
  }
  return true;
}

Outcome no_longer_than(Outcome result, const std::vector<Outcome>& operands) {
  for (const Outcome& operand : operands)
    result.until = std::min(result.until, operand.until);
  return result;
}

// ------------------------------------------------------------------------------------------ texts

std::optional<std::int64_t> read_decimal(std::string_view text) {
  const std::size_t dot = text.find('.');
  std::string digits(text.substr(0, dot));
  std::string places = dot == std::string_view::npos ? "0" : std::string(text.substr(dot + 1));
  if (!all_digits(places) || places.size() > 4) return std::nullopt;
  places.append(4 - places.size(), '0');
  if (!all_digits(digits.starts_with('-') ? digits.substr(1) : digits)) return std::nullopt;
  return read_integer(digits + places);
}

std::optional<std::int64_t> read_length(std::string_view text) {
  static const std::vector<std::pair<std::string, std::int64_t>> kUnits = {{"w", 604'800'000'000},
                                                                           {"d", 86'400'000'000},
                                                                           {"h", 3'600'000'000},
                                                                           {"m", 60'000'000},
                                                                           {"s", 1'000'000},
                                                                           {"ms", 1'000},
                                                                           {"us", 1}};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Wide sum = 0;
  std::size_t unit = 0;  // units descend
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const std::size_t letters = text.substr(digits).find_first_of("0123456789");
    const std::string_view name = text.substr(digits, letters);
    while (unit < kUnits.size() && kUnits[unit].first != name)
      ++unit;
    const auto count = read_integer(text.substr(0, digits));
    if (unit == kUnits.size() || !count) return std::nullopt;
    sum += static_cast<Wide>(*count) * kUnits[unit++].second;
    if (sum > kForever) return std::nullopt;
    text.remove_prefix(std::min(text.size(), digits + name.size()));
  }
  return unit == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(negative ? -sum : sum));
}

std::optional<std::int64_t> read_instant(std::string_view text) {
  date::sys_time<std::chrono::microseconds> instant;
  for (const char* format : {"%FT%TZ", "%FT%T%Ez"}) {
    std::istringstream in{std::string(text)};
    in >> date::parse(format, instant);
    if (in && in.peek() == std::istringstream::traits_type::eof()) return instant.time_since_epoch().count();
  }
  return std::nullopt;
}

std::optional<Address> read_address(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  std::optional<Address> address = host.find(':') == std::string::npos ? read_v4(host) : read_v6(host);
  if (!address || slash == std::string_view::npos) return address;
  const auto prefix = read_integer(text.substr(slash + 1));
  if (!prefix || *prefix < 0 || *prefix > address->prefix) return std::nullopt;
  for (int n = static_cast<int>(*prefix); n < address->prefix; ++n) {
    if (bit(*address, n)) return std::nullopt;
  }
  address->prefix = static_cast<int>(*prefix);
  return address;
}

bool lies_in(const Address& inner, const Address& network) {
  if (inner.v4 != network.v4 || inner.prefix < network.prefix) return false;
  for (int n = 0; n < network.prefix; ++n) {
    if (bit(inner, n) != bit(network, n)) return false;
  }
  return true;
}

// ------------------------------------------------------------------------------------------ cells and globs

bool is_open(const Cell& cell) {
  return cell.kind == CellKind::kAll || cell.kind == CellKind::kPrefix;
}

Outcome covers(const Cell& pattern, const Cell& asked) {
  if (pattern.action != asked.action || pattern.type != asked.type) return truth(false);
  if (pattern.kind == CellKind::kType || asked.kind == CellKind::kType) return truth(pattern.kind == asked.kind);
  // Everything is the empty prefix.
  const bool pattern_is_set = is_open(pattern);
  const bool asked_is_set = is_open(asked);
  if (pattern_is_set && asked.id.starts_with(pattern.id)) return truth(true);
  if (!asked_is_set) return truth(!pattern_is_set && pattern.id == asked.id);
  return pattern.id.starts_with(asked.id) ? unknown() : truth(false);
}

bool matches(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob[0] == '*') {
    for (std::size_t run = 0; run <= text.size(); ++run) {
      if (matches(glob.substr(1), text.substr(run))) return true;
    }
    return false;
  }
  if (glob.starts_with("{}")) {
    for (std::size_t run = 1; run <= text.size() && text[run - 1] != '/'; ++run) {
      if (matches(glob.substr(2), text.substr(run))) return true;
    }
    return false;
  }
  if (glob[0] == '\\' && glob.size() > 1) glob.remove_prefix(1);
  return !text.empty() && text[0] == glob[0] && matches(glob.substr(1), text.substr(1));
}

}  // namespace writ::reference
