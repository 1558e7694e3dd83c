#include "src/crypto/digest.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(kDigits[static_cast<unsigned char>(byte) >> 4U]);
    text.push_back(kDigits[static_cast<unsigned char>(byte) & 0xFU]);
  }
  return text;
}

std::string digest_of(std::string_view text) {
  writ::crypto::Digest out;
  return writ::crypto::digest(text, out) ? hex(out.view()) : "failed";
}

// FIPS 180-4's examples (NIST, SHA256.pdf), and of nothing.
TEST(Digest, KnownAnswers) {
  EXPECT_EQ(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digest_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, EachThreadHasItsContext) {
  std::vector<std::string> found(4);
  std::vector<std::thread> threads;
  for (std::string& one : found) {
    threads.emplace_back([&one] {
      for (int i = 0; i < 100; ++i)
        one = digest_of("abc");
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  for (const std::string& one : found)
    EXPECT_EQ(one, digest_of("abc"));
}

}  // namespace
