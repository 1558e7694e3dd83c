// Entries in the order in which they die.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace writ::token {

inline constexpr std::uint32_t kNoEntry = 0xFFFF'FFFFU;

// What.          A hierarchical timing wheel (Varghese and Lauck, 1987, scheme 7), with one level for six bits of the
//                second. `Links` gives, of an entry's number, `dies(n)`, the second from which it is dead, and
//                `next(n)`, a reference to the number of the one behind it.
// Thread-safety. None.
// Lifetime.      The links must outlive it.
// Cost.          3 KiB. Adding is a constant number of steps; until it dies an entry is moved at most once a level, of
//                which there are eleven. Empty seconds cost nothing.
// Fails.         Never.
template <class Links>
class ExpiryWheel {
 public:
  explicit ExpiryWheel(Links& links) noexcept : links_(links) {
    for (Level& level : levels_)
      level.slots.fill(kNoEntry);
  }

  std::uint64_t now() const noexcept { return now_; }

  // Precondition: links.dies(entry) > now().
  void add(std::uint32_t entry) noexcept {
    // The level is that of the highest group of six bits in which the two instants differ. So all entries of a level
    // agree with `now` in the groups above, and lie in slots behind the one of `now`.
    const std::uint64_t dies = links_.dies(entry);
    const unsigned level = (static_cast<unsigned>(std::bit_width(dies ^ now_)) - 1) / kBits;
    const unsigned slot = static_cast<unsigned>(dies >> (level * kBits)) & kMask;
    links_.next(entry) = levels_[level].slots[slot];
    levels_[level].slots[slot] = entry;
    levels_[level].taken |= std::uint64_t{1} << slot;
  }

  // Goes on to `target`, unless that is past already, and hands over every entry that is dead then.
  template <class Dead>
  void advance(std::uint64_t target, Dead&& dead) {
    while (true) {
      unsigned level = 0;
      while (level < kLevels && levels_[level].taken == 0)
        ++level;
      if (level == kLevels) break;
      // What lies on a lower level dies before all that lies on a higher one, and begins where its slot does.
      const auto slot = static_cast<unsigned>(std::countr_zero(levels_[level].taken));
      const unsigned below = level * kBits;
      const std::uint64_t above = below + kBits < 64 ? now_ >> (below + kBits) << (below + kBits) : 0;
      const std::uint64_t begins = above | (std::uint64_t{slot} << below);
      if (begins > target) break;
      now_ = begins;
      empty(level, slot, dead);
    }
    if (target > now_) now_ = target;
  }

 private:
  static constexpr unsigned kBits = 6;
  static constexpr unsigned kMask = (1U << kBits) - 1;
  static constexpr unsigned kLevels = (64 + kBits - 1) / kBits;

  struct Level {
    std::uint64_t taken = 0;  // a bit for each slot that holds something
    std::array<std::uint32_t, std::size_t{1} << kBits> slots;
  };

  template <class Dead>
  void empty(unsigned level, unsigned slot, Dead& dead) {
    std::uint32_t entry = levels_[level].slots[slot];
    levels_[level].slots[slot] = kNoEntry;
    levels_[level].taken &= ~(std::uint64_t{1} << slot);
    while (entry != kNoEntry) {
      const std::uint32_t next = links_.next(entry);
      if (links_.dies(entry) <= now_) {
        dead(entry);
      } else {
        add(entry);
      }
      entry = next;
    }
  }

  Links& links_;
  std::uint64_t now_ = 0;
  std::array<Level, kLevels> levels_;
};

}  // namespace writ::token
