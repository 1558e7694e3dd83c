#include "src/base/ip.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace writ {
namespace {

using namespace std::string_view_literals;

std::string again(std::string_view text) {
  const std::optional<Ip> ip = parse_ip(text);
  return ip ? format_ip(*ip) : "none";
}

bool lies_in(std::string_view inner, std::string_view network) {
  return contains(parse_ip(network).value(), parse_ip(inner).value());
}

TEST(Ip, ReadsVersion4) {
  EXPECT_EQ(again("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(again("255.255.255.255"), "255.255.255.255");
  EXPECT_EQ(again("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(again("10.0.0.0/8"), "10.0.0.0/8");
  EXPECT_EQ(again("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(again("10.0.0.1/32"), "10.0.0.1");
  EXPECT_EQ(again("10.0.0.254/31"), "10.0.0.254/31");
}

// RFC 5952, sections 4 and 5: one text for each address.
TEST(Ip, ReadsVersion6) {
  EXPECT_EQ(again("2001:DB8:0:0:0:0:2:1"), "2001:db8::2:1");
  EXPECT_EQ(again("2001:0db8::0001"), "2001:db8::1");
  EXPECT_EQ(again("::"), "::");
  EXPECT_EQ(again("::1"), "::1");
  EXPECT_EQ(again("1::"), "1::");
  EXPECT_EQ(again("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(again("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(again("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(again("1:2:3:4:5:6:7::"), "1:2:3:4:5:6:7:0");
  EXPECT_EQ(again("::2:3:4:5:6:7:8"), "0:2:3:4:5:6:7:8");
  EXPECT_EQ(again("::ffff:10.0.0.1"), "::ffff:10.0.0.1");
  EXPECT_EQ(again("::FFFF:0a00:0001"), "::ffff:10.0.0.1");
  EXPECT_EQ(again("64:ff9b::192.0.2.33"), "64:ff9b::c000:221");
  EXPECT_EQ(again("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
  EXPECT_EQ(again("2001:db8::/32"), "2001:db8::/32");
  EXPECT_EQ(again("::/0"), "::/0");
  EXPECT_EQ(again("::1/128"), "::1");
}

TEST(Ip, RefusesWhatIsNone) {
  for (const auto text : {""sv,
                          "."sv,
                          "1.2.3"sv,
                          "1.2.3.4.5"sv,
                          "1.2.3.256"sv,
                          "01.2.3.4"sv,
                          "1.2.3.04"sv,
                          "1.2.3."sv,
                          ".1.2.3"sv,
                          "1..2.3"sv,
                          "1.2.3.4 "sv,
                          " 1.2.3.4"sv,
                          "0x1.2.3.4"sv,
                          "1.2.3.4\0"sv,
                          "1,2,3,4"sv,
                          "16909060"sv,
                          "1.2.3.+4"sv,
                          "10.0.0.0/"sv,
                          "10.0.0.0/33"sv,
                          "10.0.0.0/08"sv,
                          "10.0.0.0/-1"sv,
                          "10.0.0.0/8/8"sv,
                          "10.0.0.0/ 8"sv,
                          "10.0.0.0/255.0.0.0"sv,
                          ":"sv,
                          ":::"sv,
                          ":1"sv,
                          "1:"sv,
                          "1:2:3:4:5:6:7"sv,
                          "1:2:3:4:5:6:7:8:9"sv,
                          "1:2:3:4:5:6:7:8::"sv,
                          "1::2::3"sv,
                          "::1:"sv,
                          ":1::"sv,
                          "12345::"sv,
                          "g::"sv,
                          "fe80::1%eth0"sv,
                          "[::1]"sv,
                          "::1.2.3"sv,
                          "1.2.3.4::"sv,
                          "::1.2.3.4:5"sv,
                          "1:2:3:4:5:6:7:1.2.3.4"sv,
                          "::/129"sv,
                          "1::2:3:4:5:6:7:8"sv,
                          "::ffff:01.2.3.4"sv,
                          "localhost"sv}) {
    EXPECT_EQ(parse_ip(text), std::nullopt) << text;
  }
}

TEST(Ip, HostBitsInANetworkAreAnError) {
  for (const auto* text : {"10.0.0.1/8", "10.0.0.1/31", "0.0.0.1/0", "128.0.0.0/0", "::1/127", "2001:db8::1/32",
                           "2001:db8:8000::/32", "1::/0"}) {
    EXPECT_EQ(parse_ip(text), std::nullopt) << text;
  }
}

TEST(Ip, NetworksContainWhatLiesInThem) {
  EXPECT_TRUE(lies_in("10.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(lies_in("11.0.0.0", "10.0.0.0/8"));
  EXPECT_TRUE(lies_in("10.1.0.0/16", "10.0.0.0/8"));
  EXPECT_FALSE(lies_in("10.0.0.0/8", "10.1.0.0/16"));
  EXPECT_TRUE(lies_in("10.0.0.0/8", "10.0.0.0/8"));
  EXPECT_TRUE(lies_in("1.2.3.4", "0.0.0.0/0"));
  EXPECT_TRUE(lies_in("2001:db8::1", "2001:db8::/33"));
  EXPECT_FALSE(lies_in("2001:db8:8000::1", "2001:db8::/33"));
  EXPECT_TRUE(lies_in("::1", "::/0"));
  EXPECT_TRUE(lies_in("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(lies_in("10.0.0.2", "10.0.0.1"));
}

TEST(Ip, TheVersionsNeverMeet) {
  EXPECT_FALSE(lies_in("10.0.0.1", "::/0"));
  EXPECT_FALSE(lies_in("::ffff:10.0.0.1", "10.0.0.0/8"));
  EXPECT_FALSE(lies_in("10.0.0.1", "::ffff:0:0/96"));
  EXPECT_TRUE(lies_in("::ffff:10.0.0.1", "::ffff:0:0/96"));
  EXPECT_FALSE(lies_in("::", "0.0.0.0/0"));
}

TEST(Ip, WhatIsWrittenIsReadBack) {
  std::mt19937 random(9);
  for (int round = 0; round < 50000; ++round) {
    Ip ip;
    ip.v4 = random() % 3 == 0;
    const unsigned bits = ip.v4 ? 32 : 128;
    ip.prefix = static_cast<std::uint8_t>(random() % 2 == 0 ? bits : random() % (bits + 1));
    for (unsigned bit = 0; bit < ip.prefix; ++bit) {
      if (random() % 4 == 0) ip.bytes[bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
    }
    ASSERT_TRUE(is_valid(ip));
    const std::optional<Ip> back = parse_ip(format_ip(ip));
    ASSERT_TRUE(back) << format_ip(ip);
    ASSERT_EQ(*back, ip) << format_ip(ip);
    ASSERT_TRUE(contains(ip, *back));
  }
}

TEST(Ip, MutationsAreValidOrRefused) {
  std::mt19937 random(10);
  const std::string_view alphabet = "0123456789abcdefF:./% ";
  for (int round = 0; round < 100000; ++round) {
    std::string text = round % 2 == 0 ? "192.0.2.33/28" : "2001:db8::ff:192.0.2.1";
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0) text.insert(at, 1, alphabet[random() % alphabet.size()]);
      text[at] = alphabet[random() % alphabet.size()];
      if (random() % 3 == 0 && text.size() > 1) text.erase(random() % text.size(), 1);
    }
    const std::optional<Ip> ip = parse_ip(text);
    if (!ip) continue;
    ASSERT_TRUE(is_valid(*ip)) << text;
    ASSERT_EQ(parse_ip(format_ip(*ip)), ip) << text;
  }
}

}  // namespace
}  // namespace writ
