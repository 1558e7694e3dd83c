#include "src/base/base64url.h"

#include <array>
#include <cstdint>

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

}  // namespace

void append_base64url(std::string_view bytes, std::string& out) {
  const std::size_t begin = out.size();
  out.resize(begin + (bytes.size() * 4 + 2) / 3);
  char* to = out.data() + begin;
  const auto byte = [bytes](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(bytes[i])}; };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
    *to++ = kAlphabet[bits >> 18U];
    *to++ = kAlphabet[bits >> 12U & 0x3FU];
    *to++ = kAlphabet[bits >> 6U & 0x3FU];
    *to++ = kAlphabet[bits & 0x3FU];
  }
  if (i == bytes.size()) return;
  const bool two = i + 2 == bytes.size();
  const std::uint32_t bits = byte(i) << 16U | (two ? byte(i + 1) << 8U : 0U);
  *to++ = kAlphabet[bits >> 18U];
  *to++ = kAlphabet[bits >> 12U & 0x3FU];
  if (two) *to = kAlphabet[bits >> 6U & 0x3FU];
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
