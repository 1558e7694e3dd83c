#include "src/base/ip.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

namespace writ {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Digits without leading zero, at most `most`; or -1.
int parse_small(std::string_view text, int most) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return -1;
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value <= most ? value : -1;
}

bool parse_v4(std::string_view text, std::span<std::uint8_t, 4> out) {
  for (std::size_t part = 0; part < 4; ++part) {
    const std::size_t end = part == 3 ? text.size() : text.find('.');
    if (end == std::string_view::npos) return false;
    const int value = parse_small(text.substr(0, end), 255);
    if (value < 0) return false;
    out[part] = static_cast<std::uint8_t>(value);
    text.remove_prefix(part == 3 ? end : end + 1);
  }
  return true;
}

// The groups of one side of `::`, or of the whole: hex groups, the last of which may be an embedded IPv4 address.
// Writes from the beginning of `out`; bytes written, or -1.
int parse_groups(std::string_view text, bool may_embed, std::span<std::uint8_t, 16> out) {
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, end);
    const bool last = end == text.size();
    if (last && may_embed && group.find('.') != std::string_view::npos) {
      if (used > 12) return -1;
      if (!parse_v4(group, std::span<std::uint8_t, 4>(out.data() + used, 4))) return -1;
      return static_cast<int>(used + 4);
    }
    if (group.empty() || group.size() > 4 || used > 14) return -1;
    unsigned value = 0;
    for (const char c : group) {
      const int digit = hex_digit(c);
      if (digit < 0) return -1;
      value = value * 16 + static_cast<unsigned>(digit);
    }
    out[used++] = static_cast<std::uint8_t>(value >> 8U);
    out[used++] = static_cast<std::uint8_t>(value & 0xFFU);
    text.remove_prefix(last ? end : end + 1);
    if (!last && text.empty()) return -1;  // ends in a single colon
  }
  return static_cast<int>(used);
}

// RFC 4291, section 2.2.
bool parse_v6(std::string_view text, std::span<std::uint8_t, 16> out) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return parse_groups(text, true, out) == 16;
  std::array<std::uint8_t, 16> tail{};
  const int before = parse_groups(text.substr(0, gap), false, out);
  const int after = parse_groups(text.substr(gap + 2), true, tail);
  // `::` stands for at least one group.
  if (before < 0 || after < 0 || before + after > 14) return false;
  std::fill(out.begin() + before, out.end(), std::uint8_t{0});
  std::copy_n(tail.begin(), after, out.end() - after);
  return true;
}

unsigned bits_of(const Ip& ip) {
  return ip.v4 ? kIpv4Bits : kIpv6Bits;
}

// The bits of byte `index` that lie within the first `prefix` bits.
std::uint8_t mask(unsigned prefix, unsigned index) {
  if (prefix >= index * 8 + 8) return 0xFF;
  if (prefix <= index * 8) return 0;
  return static_cast<std::uint8_t>(0xFFU << (8 - (prefix - index * 8)));
}

std::string format_v4(std::span<const std::uint8_t> bytes) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
  return out.data();
}

// RFC 5952, section 4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`.
std::string format_groups(std::span<const std::uint8_t> bytes) {
  const std::size_t count = bytes.size() / 2;
  const auto group = [&](std::size_t i) { return static_cast<unsigned>(bytes[2 * i] << 8U | bytes[2 * i + 1]); };
  std::size_t gap = count;
  std::size_t gap_length = 1;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t length = 0;
    while (i + length < count && group(i + length) == 0)
      ++length;
    if (length > gap_length) {
      gap = i;
      gap_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    std::array<char, 8> out{};
    std::snprintf(out.data(), out.size(), "%x", group(i));
    text += out.data();
  }
  return text;
}

std::string format_v6(const std::array<std::uint8_t, 16>& bytes) {
  // RFC 5952, section 5: mapped addresses end in dotted form.
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
    return "::ffff:" + format_v4(std::span(bytes).subspan(12));
  }
  return format_groups(bytes);
}

}  // namespace

std::optional<Ip> parse_ip(std::string_view text) noexcept {
  Ip ip;
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  ip.v4 = address.find(':') == std::string_view::npos;
  const bool ok =
      ip.v4 ? parse_v4(address, std::span<std::uint8_t, 4>(ip.bytes.data(), 4)) : parse_v6(address, ip.bytes);
  if (!ok) return std::nullopt;
  const unsigned bits = bits_of(ip);
  ip.prefix = static_cast<std::uint8_t>(bits);
  if (slash != std::string_view::npos) {
    const int prefix = parse_small(text.substr(slash + 1), static_cast<int>(bits));
    if (prefix < 0) return std::nullopt;
    ip.prefix = static_cast<std::uint8_t>(prefix);
  }
  if (!is_valid(ip)) return std::nullopt;
  return ip;
}

std::string format_ip(const Ip& ip) {
  std::string text = ip.v4 ? format_v4(ip.bytes) : format_v6(ip.bytes);
  if (ip.prefix != bits_of(ip)) text += "/" + std::to_string(ip.prefix);
  return text;
}

bool is_valid(const Ip& ip) noexcept {
  if (ip.prefix > bits_of(ip)) return false;
  for (unsigned i = 0; i < ip.bytes.size(); ++i) {
    if ((ip.bytes[i] & ~mask(ip.prefix, i)) != 0) return false;
  }
  return true;
}

bool contains(const Ip& network, const Ip& inner) noexcept {
  if (network.v4 != inner.v4 || network.prefix > inner.prefix) return false;
  for (unsigned i = 0; i < network.bytes.size(); ++i) {
    if (((network.bytes[i] ^ inner.bytes[i]) & mask(network.prefix, i)) != 0) return false;
  }
  return true;
}

}  // namespace writ
