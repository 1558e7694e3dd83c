#include "src/crypto/ecdsa_form.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace writ::crypto;

std::string der_of(const RawSignature& raw) {
  const DerSignature der = to_der(raw);
  return {reinterpret_cast<const char*>(der.bytes.data()), der.size};
}

TEST(EcdsaForm, ThereAndBack) {
  constexpr unsigned char kEdges[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
  for (const unsigned char first : kEdges) {
    for (const unsigned char second : kEdges) {
      RawSignature raw{};
      raw.fill(0x55);
      raw[0] = first;
      raw[1] = second;
      raw[32] = second;
      raw[33] = first;
      EXPECT_EQ(to_raw(der_of(raw)), raw);
    }
  }
  EXPECT_EQ(to_raw(der_of(RawSignature{})), RawSignature{});
}

TEST(EcdsaForm, OneSpellingOnly) {
  const auto none = [](std::string_view der) { return !to_raw(der).has_value(); };
  const std::string good("\x30\x06\x02\x01\x01\x02\x01\x02", 8);
  ASSERT_FALSE(none(good));
  EXPECT_TRUE(none(""));
  EXPECT_TRUE(none(good.substr(0, 7)));
  EXPECT_TRUE(none(good + '\0'));
  EXPECT_TRUE(none(std::string("\x31\x06\x02\x01\x01\x02\x01\x02", 8)));             // no sequence
  EXPECT_TRUE(none(std::string("\x30\x06\x03\x01\x01\x02\x01\x02", 8)));             // no integer
  EXPECT_TRUE(none(std::string("\x30\x81\x06\x02\x01\x01\x02\x01\x02", 9)));         // a long length
  EXPECT_TRUE(none(std::string("\x30\x07\x02\x02\x00\x01\x02\x01\x02", 9)));         // a zero too many
  EXPECT_TRUE(none(std::string("\x30\x06\x02\x01\x81\x02\x01\x02", 8)));             // negative
  EXPECT_TRUE(none(std::string("\x30\x05\x02\x00\x02\x01\x02", 7)));                 // no digits
  EXPECT_TRUE(none("\x30\x25\x02\x20" + std::string(32, '\x11') + "\x02\x01"));      // ends early
  EXPECT_TRUE(none("\x30\x26\x02\x21" + std::string(33, '\x11') + "\x02\x01\x01"));  // 33 bytes
}

}  // namespace
