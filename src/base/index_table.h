// IndexTable: which of many things is equal to this one. It keeps half of each thing's hash and the thing's index,
// eight bytes together, so that a search among a million reads one line of the table and then, almost always, only the
// thing that it finds. Tested by tests/unit/base/radix_sort_test.cc.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "src/base/bulk.h"

namespace writ {

// Not thread-safe. The things themselves stand elsewhere, numbered; a number past 0xFFFFFFFE is none.
class IndexTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  // Room for so many without growing.
  explicit IndexTable(std::size_t expected = 0) { resize(std::bit_ceil(expected * 2 + 16)); }

  // The index of the thing that `same` recognises among those of this hash. If there is none, `fresh` is put in and
  // given back.
  template <class Same>
  std::uint32_t find_or_add(std::uint64_t hash, std::uint32_t fresh, Same same) {
    const std::uint32_t tag = tag_of(hash);
    std::size_t at = tag & mask_;
    for (; slots_[at].index != kNone; at = (at + 1) & mask_) {
      if (slots_[at].tag == tag && same(slots_[at].index)) return slots_[at].index;
    }
    slots_[at] = {tag, fresh};
    if (++used_ * 2 > slots_.size()) grow();
    return fresh;
  }

  template <class Same>
  std::uint32_t find(std::uint64_t hash, Same same) const {
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t at = tag & mask_; slots_[at].index != kNone; at = (at + 1) & mask_) {
      if (slots_[at].tag == tag && same(slots_[at].index)) return slots_[at].index;
    }
    return kNone;
  }

  // What a search for this hash will look at first, or kNone: for fetching that before.
  std::uint32_t likely(std::uint64_t hash) const noexcept {
    const Slot& slot = slots_[tag_of(hash) & mask_];
    return slot.tag == tag_of(hash) ? slot.index : kNone;
  }

  // Fetches the line where a search for this hash will begin.
  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&slots_[tag_of(hash) & mask_]); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t index = kNone;
  };
  static std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32U); }

  void resize(std::size_t size) {
    slots_.resize(size);
    mask_ = size - 1;
  }

  void grow() {
    Bulk<Slot> old;
    old.swap(slots_);
    resize(old.size() * 2);
    for (const Slot& slot : old) {
      if (slot.index == kNone) continue;
      std::size_t at = slot.tag & mask_;
      while (slots_[at].index != kNone)
        at = (at + 1) & mask_;
      slots_[at] = slot;
    }
  }

  Bulk<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
};

}  // namespace writ
