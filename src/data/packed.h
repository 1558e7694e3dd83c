// Numbers in as few bytes as they need, and texts: what entities in an image are spelled with. A number is written
// seven bits at a time, low ones first, each byte but the last with its high bit set (LEB128); one that may be negative
// is first doubled, less one, away from zero: 0, -1, 1, -2 are 0, 1, 2, 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace writ::data {

class PackedWriter {
 public:
  void byte(std::uint8_t value) { out_.push_back(static_cast<std::byte>(value)); }
  void number(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U)
      byte(static_cast<std::uint8_t>(value | 0x80U));
    byte(static_cast<std::uint8_t>(value));
  }
  void signed_number(std::int64_t value) {
    const std::uint64_t sign = value < 0 ? ~std::uint64_t{0} : 0;
    number((static_cast<std::uint64_t>(value) << 1U) ^ sign);
  }
  void text(std::string_view text) {
    number(text.size());
    const auto* const first = reinterpret_cast<const std::byte*>(text.data());
    out_.insert(out_.end(), first, first + text.size());
  }
  void append(std::span<const std::byte> more) { out_.insert(out_.end(), more.begin(), more.end()); }

  std::vector<std::byte>& bytes() { return out_; }

 private:
  std::vector<std::byte> out_;
};

// Of bytes that may come from anyone. Reads until the first thing that is wrong; from then on everything reads as zero
// and empty, and `fault` says what was.
class PackedReader {
 public:
  explicit PackedReader(std::span<const std::byte> bytes)
      : at_(reinterpret_cast<const std::uint8_t*>(bytes.data())), end_(at_ + bytes.size()) {}

  bool ok() const { return fault_ == nullptr; }
  const char* fault() const { return fault_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void require(bool holds, const char* otherwise) {
    if (!holds && ok()) {
      fault_ = otherwise;
      at_ = end_;
    }
  }

  std::uint8_t byte() {
    if (at_ == end_) return out_of_bytes();
    return *at_++;
  }

  std::uint64_t number() {
    if (at_ == end_) return out_of_bytes();
    if (*at_ < 0x80U) return *at_++;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= std::uint64_t{next & 0x7FU} << shift;
      if (next < 0x80U) return ok() ? value : 0;
    }
    require(false, "a number that does not end");
    return 0;
  }

  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
  }

  std::uint32_t number_below(std::uint64_t bound, const char* otherwise) {
    const std::uint64_t value = number();
    require(value < bound, otherwise);
    return ok() ? static_cast<std::uint32_t>(value) : 0;
  }

  // A count of elements of at least `least` bytes each: more than can follow is refused before memory is taken for
  // them.
  std::uint32_t count(std::size_t least) {
    const std::uint64_t value = number();
    require(value <= left() / least && value < 0xFFFFFFFFU, "a list runs past the end");
    return ok() ? static_cast<std::uint32_t>(value) : 0;
  }

  // A view of the bytes.
  std::string_view text() { return raw(number()); }
  std::string_view raw(std::uint64_t size) {
    constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20U;
    require(size <= left() && size <= kMostBytes, "a text runs past the end");
    if (!ok()) return {};
    const std::string_view text(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    return text;
  }

 private:
  std::uint8_t out_of_bytes() {
    require(false, "ends too early");
    return 0;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  const char* fault_ = nullptr;
};

}  // namespace writ::data
