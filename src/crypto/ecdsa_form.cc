// Tested by tests/unit/crypto/ecdsa_form_test.cc and tests/suites/jose_signature_test.cc.
#include "src/crypto/ecdsa_form.h"

#include <algorithm>
#include <cstring>

namespace writ::crypto {
namespace {

constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kInteger = 0x02;
constexpr std::size_t kHalf = 32;

// X.690, section 8.3: no zero in front but the one that keeps a number from looking negative.
unsigned char* put_integer(const unsigned char* number, unsigned char* to) noexcept {
  std::size_t zeros = 0;
  while (zeros < kHalf - 1 && number[zeros] == 0)
    ++zeros;
  const bool looks_negative = (number[zeros] & 0x80U) != 0;
  const std::size_t size = kHalf - zeros;
  *to++ = kInteger;
  *to++ = static_cast<unsigned char>(size + (looks_negative ? 1 : 0));
  if (looks_negative) *to++ = 0;
  std::memcpy(to, number + zeros, size);
  return to + size;
}

bool take_integer(std::string_view& der, unsigned char* number) noexcept {
  if (der.size() < 2 || static_cast<unsigned char>(der[0]) != kInteger) return false;
  const std::size_t size = static_cast<unsigned char>(der[1]);
  if (size == 0 || size > kHalf + 1 || der.size() < 2 + size) return false;
  std::string_view digits = der.substr(2, size);
  der.remove_prefix(2 + size);
  const auto first = static_cast<unsigned char>(digits[0]);
  if ((first & 0x80U) != 0) return false;  // negative
  if (first == 0 && size > 1) {
    if ((static_cast<unsigned char>(digits[1]) & 0x80U) == 0) return false;  // a zero that need not be there
    digits.remove_prefix(1);
  }
  if (digits.size() > kHalf) return false;
  std::memcpy(number + (kHalf - digits.size()), digits.data(), digits.size());
  return true;
}

}  // namespace

DerSignature to_der(const RawSignature& raw) noexcept {
  DerSignature der;
  unsigned char* const begin = der.bytes.data();
  const unsigned char* const end = put_integer(raw.data() + kHalf, put_integer(raw.data(), begin + 2));
  begin[0] = kSequence;
  begin[1] = static_cast<unsigned char>(end - begin - 2);
  der.size = static_cast<std::size_t>(end - begin);
  return der;
}

std::optional<RawSignature> to_raw(std::string_view der) noexcept {
  if (der.size() < 2 || static_cast<unsigned char>(der[0]) != kSequence) return std::nullopt;
  if (static_cast<unsigned char>(der[1]) != der.size() - 2) return std::nullopt;
  der.remove_prefix(2);
  RawSignature raw{};
  if (!take_integer(der, raw.data()) || !take_integer(der, raw.data() + kHalf) || !der.empty()) return std::nullopt;
  return raw;
}

}  // namespace writ::crypto
