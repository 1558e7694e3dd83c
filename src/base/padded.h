// Short texts a word at a time: what names and ids are looked at by, where a call would cost more than the look.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace writ {

// Up to 16 bytes, padded with zeros.
struct PaddedWords {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const PaddedWords&, const PaddedWords&) = default;
};

inline constexpr std::size_t kMostPadded = 16;

// Precondition: text.size() <= kMostPadded. Reads nothing outside of it: loads overlap instead.
inline PaddedWords padded_words(std::string_view text) noexcept {
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  const auto load = [](const char* from, auto word) {
    std::memcpy(&word, from, sizeof word);
    return std::uint64_t{word};
  };
  if (size >= 8) {
    const std::uint64_t last = load(bytes + size - 8, std::uint64_t{});
    return {load(bytes, std::uint64_t{}), size == 8 ? 0 : last >> (8 * (16 - size))};
  }
  if (size >= 4) {
    const std::uint64_t last = load(bytes + size - 4, std::uint32_t{});
    return {load(bytes, std::uint32_t{}) | last << (8 * (size - 4)), 0};
  }
  if (size == 0) return {};
  const std::uint64_t first = static_cast<unsigned char>(bytes[0]);
  const std::uint64_t middle = static_cast<unsigned char>(bytes[size / 2]);
  const std::uint64_t last = static_cast<unsigned char>(bytes[size - 1]);
  return {first | middle << (8 * (size / 2)) | last << (8 * (size - 1)), 0};
}

namespace padded {
inline constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
inline constexpr std::uint64_t kHighs = 0x8080808080808080ULL;

constexpr std::array<PaddedWords, kMostPadded + 1> make_first() {
  std::array<PaddedWords, kMostPadded + 1> masks{};
  for (std::size_t i = 0; i <= kMostPadded; ++i) {
    const auto ones = [](std::size_t n) { return n == 0 ? 0 : ~std::uint64_t{0} >> (8 * (8 - n)); };
    masks[i] = {ones(i < 8 ? i : 8), ones(i < 8 ? 0 : i - 8)};
  }
  return masks;
}
inline constexpr std::array<PaddedWords, kMostPadded + 1> kFirst = make_first();

// Whether `test` holds for some word of the text; the last ones may overlap, a short text is filled up with ones.
template <class Test>
inline bool any_word(std::string_view text, Test&& test) noexcept {
  if (text.size() < 8) return !text.empty() && test(padded_words(text).low | kOnes << (8 * text.size()));
  const auto load = [&](std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    return word;
  };
  for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
    if (test(load(at))) return true;
  }
  return test(load(text.size() - 8));
}
}  // namespace padded

// The first of these bytes and zeros for the others; all of them if `count` is more than kMostPadded.
inline PaddedWords first_bytes(const PaddedWords& words, std::size_t count) noexcept {
  const PaddedWords& mask = padded::kFirst[count < kMostPadded ? count : kMostPadded];
  return {words.low & mask.low, words.high & mask.high};
}

// Whether every byte is one of ASCII, and none is NUL.
inline bool is_plain(std::string_view text) noexcept {
  return !padded::any_word(text,
                           [](std::uint64_t word) { return (((word - padded::kOnes) | word) & padded::kHighs) != 0; });
}

// Whether it is plain and the byte does not occur. Precondition: that is one of ASCII, and not 1.
inline bool is_plain_without(std::string_view text, char byte) noexcept {
  const std::uint64_t unwanted = padded::kOnes * static_cast<unsigned char>(byte);
  return !padded::any_word(text, [unwanted](std::uint64_t word) {
    return (((word - padded::kOnes) | ((word ^ unwanted) - padded::kOnes) | word) & padded::kHighs) != 0;
  });
}

// Whether the byte occurs. Precondition: it is not 1.
inline bool has_byte(std::string_view text, char byte) noexcept {
  const std::uint64_t wanted = padded::kOnes * static_cast<unsigned char>(byte);
  return padded::any_word(text, [wanted](std::uint64_t word) {
    const std::uint64_t zero_if = word ^ wanted;
    return ((zero_if - padded::kOnes) & ~zero_if & padded::kHighs) != 0;
  });
}

// Of up to 7 bytes; the loads overlap.
inline bool same_few_bytes(const char* a, const char* b, std::size_t size) noexcept {
  if (size >= 4) {
    std::uint32_t first[2];
    std::uint32_t last[2];
    std::memcpy(&first[0], a, 4);
    std::memcpy(&first[1], b, 4);
    std::memcpy(&last[0], a + size - 4, 4);
    std::memcpy(&last[1], b + size - 4, 4);
    return ((first[0] ^ first[1]) | (last[0] ^ last[1])) == 0;
  }
  if (size == 0) return true;
  return ((a[0] ^ b[0]) | (a[size / 2] ^ b[size / 2]) | (a[size - 1] ^ b[size - 1])) == 0;
}

inline bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
  if (size < 8) return same_few_bytes(a, b, size);
  const auto differ = [&](std::size_t at) {
    std::uint64_t left = 0;
    std::uint64_t right = 0;
    std::memcpy(&left, a + at, sizeof left);
    std::memcpy(&right, b + at, sizeof right);
    return left != right;
  };
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    if (differ(at)) return false;
  }
  return !differ(size - 8);
}

// Equal texts, for those that are short and likely to be.
inline bool same_text(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size());
}

}  // namespace writ
