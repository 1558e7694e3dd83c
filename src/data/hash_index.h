// HashIndex: from a hash to places in somebody's array. Used while data is loaded and thrown away afterwards.
#pragma once

#include <cstdint>
#include <vector>

namespace writ::data {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFU;

// Not thread-safe. 8 bytes an entry, at most 3/4 full. It knows hashes only: whoever asks compares the keys.
class HashIndex {
 public:
  // The first value under `hash` for which `same(value)` holds, or kNone.
  template <class Same>
  std::uint32_t find(std::uint64_t hash, Same&& same) const {
    if (entries_.empty()) return kNone;
    const std::uint32_t short_hash = shorten(hash);
    for (std::size_t at = start(short_hash, entries_.size());; at = next(at)) {
      const Entry& entry = entries_[at];
      if (entry.value == kNone) return kNone;
      if (entry.hash == short_hash && same(entry.value)) return entry.value;
    }
  }

  // Asks for the line that find() will look at first.
  void prefetch(std::uint64_t hash) const {
    if (!entries_.empty()) __builtin_prefetch(&entries_[start(shorten(hash), entries_.size())]);
  }

  void add(std::uint64_t hash, std::uint32_t value) {
    if (4 * (size_ + 1) > 3 * entries_.size()) grow();
    ++size_;
    place({shorten(hash), value});
  }

  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint32_t hash = 0;
    std::uint32_t value = kNone;
  };

  static std::uint32_t shorten(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ (hash >> 32U)); }
  static std::size_t start(std::uint32_t hash, std::size_t capacity) {
    return static_cast<std::size_t>((std::uint64_t{hash} * capacity) >> 32U);
  }
  std::size_t next(std::size_t at) const { return at + 1 == entries_.size() ? 0 : at + 1; }

  void place(const Entry& entry) {
    std::size_t at = start(entry.hash, entries_.size());
    while (entries_[at].value != kNone)
      at = next(at);
    entries_[at] = entry;
  }

  void grow() {
    std::vector<Entry> old(entries_.empty() ? 16 : 2 * entries_.size());
    old.swap(entries_);
    for (const Entry& entry : old) {
      if (entry.value != kNone) place(entry);
    }
  }

  std::vector<Entry> entries_;
  std::size_t size_ = 0;
};

}  // namespace writ::data
