#include "src/base/base64url.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace writ {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}
constexpr std::array<std::uint8_t, 256> kDigits = make_digits();

// Two characters for each twelve bits.
using Pair = std::array<char, 2>;
constexpr std::array<Pair, 4096> make_pairs() {
  std::array<Pair, 4096> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i)
    pairs[i] = {kAlphabet[i >> 6U], kAlphabet[i & 0x3FU]};
  return pairs;
}
constexpr std::array<Pair, 4096> kPairs = make_pairs();

void put_pair(char* to, std::uint64_t bits) noexcept {
  std::memcpy(to, kPairs[bits].data(), sizeof(Pair));
}

// Big-endian; compilers make it one load.
std::uint64_t first_eight(const char* from) noexcept {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 8; ++i)
    bits = bits << 8U | static_cast<unsigned char>(from[i]);
  return bits;
}

}  // namespace

void append_base64url(std::string_view bytes, std::string& out) {
  const std::size_t begin = out.size();
  out.resize(begin + (bytes.size() * 4 + 2) / 3);
  const char* from = bytes.data();
  std::size_t left = bytes.size();
  char* to = out.data() + begin;
  for (; left >= 8; left -= 6, from += 6, to += 8) {
    const std::uint64_t bits = first_eight(from);
    put_pair(to, bits >> 52U);
    put_pair(to + 2, bits >> 40U & 0xFFFU);
    put_pair(to + 4, bits >> 28U & 0xFFFU);
    put_pair(to + 6, bits >> 16U & 0xFFFU);
  }
  // The bits behind the last byte are zero: RFC 4648, section 3.5.
  const auto byte = [from, left](std::size_t i) {
    return i < left ? std::uint64_t{static_cast<unsigned char>(from[i])} : std::uint64_t{0};
  };
  for (std::size_t i = 0; i < left; i += 3) {
    const std::uint64_t bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    char four[4];
    put_pair(four, bits >> 12U);
    put_pair(four + 2, bits & 0xFFFU);
    const std::size_t count = std::min<std::size_t>(4, left - i + 1);
    std::memcpy(to, four, count);
    to += count;
  }
}

std::string encode_base64url(std::string_view bytes) {
  std::string text;
  append_base64url(bytes, text);
  return text;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  const std::size_t left = text.size() % 4;
  if (left == 1) return std::nullopt;
  std::string bytes(text.size() / 4 * 3 + (left == 0 ? 0 : left - 1), '\0');
  const auto value = [text](std::size_t i) { return std::uint32_t{kDigits[static_cast<unsigned char>(text[i])]}; };
  char* to = bytes.data();
  std::uint32_t all = 0;  // kNoDigit, of whichever character, is the only one with its highest bit
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4, to += 3) {
    const std::uint32_t a = value(at), b = value(at + 1), c = value(at + 2), d = value(at + 3);
    all |= a | b | c | d;
    const std::uint32_t bits = (a << 18U) | (b << 12U) | (c << 6U) | d;
    to[0] = static_cast<char>((bits >> 16U) & 0xFFU);
    to[1] = static_cast<char>((bits >> 8U) & 0xFFU);
    to[2] = static_cast<char>(bits & 0xFFU);
  }
  if (left != 0) {
    const std::uint32_t a = value(at), b = value(at + 1), c = left == 3 ? value(at + 2) : 0;
    all |= a | b | c;
    const std::uint32_t bits = (a << 18U) | (b << 12U) | (c << 6U);
    to[0] = static_cast<char>((bits >> 16U) & 0xFFU);
    if (left == 3) to[1] = static_cast<char>((bits >> 8U) & 0xFFU);
    // RFC 4648, section 3.5: pad bits must be zero.
    if ((bits & (left == 3 ? 0xFFU : 0xFFFFU)) != 0) return std::nullopt;
  }
  if ((all & 0x80U) != 0) return std::nullopt;
  return bytes;
}

}  // namespace writ
