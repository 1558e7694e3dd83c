// PeopleIndex: where many statements speak of the same resources, those that name somebody, by whom they name: a
// decision looks at those that can concern its user and its agents, and not at all the others.
//
// A statement may be passed over if whom it names is for certain not there: its condition is false then, and for good,
// so that it takes nothing away, and its end is nobody's end. That is known of everybody in the data, whose
// memberships are closed; who is not there may be in any group, so that what takes away from a group is looked at.
// Tested by tests/differential and tests/unit/engine/people_index_test.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "src/engine/query.h"

namespace writ {

class PeopleIndex {
 public:
  // Fewer entries than this under one key are gone through faster than looked up.
  static constexpr std::size_t kFewest = 4;

  // The entries of one key.
  struct Crowd {
    std::uint32_t key = policy::kNoNode;
    std::uint32_t others = 0;  // those that name nobody: their run in refs
    std::uint32_t other_count = 0;
    bool users = false;           // some are found by a user
    bool agents = false;          // some are found by an agent
    bool group_of_user = false;   // one of them takes away from those in a group
    bool group_of_agent = false;  // likewise
    bool plain = false;           // they allow, each for one user or group and on no other condition
  };

  // Of all entries of a program, under the seed of the data.
  PeopleIndex(const policy::Program& program, std::uint64_t seed);

  std::size_t bytes() const noexcept {
    return places_.size() * sizeof(Place) + crowds_.size() * sizeof(Crowd) + refs_.size() * sizeof(std::uint32_t);
  }

  // nullptr: its entries are to be gone through.
  const Crowd* crowd(std::uint32_t key) const noexcept;
  // Entries that name nobody.
  std::span<const std::uint32_t> others(const Crowd& crowd) const noexcept {
    return std::span(refs_).subspan(crowd.others, crowd.other_count);
  }
  // Entries that may name the entity of this hash: all that do, and by chance others.
  std::span<const std::uint32_t> naming(std::uint32_t key, std::uint64_t hash) const noexcept;

 private:
  struct Place {
    std::uint64_t hash = 0;
    std::uint32_t first = 0;  // in refs
    std::uint32_t count = 0;  // 0: nobody has this place
  };
  struct Named {
    std::uint64_t hash = 0;
    std::uint32_t entry = 0;
  };
  class Reader;  // of whom a statement names

  static std::uint64_t mixed(std::uint32_t key, std::uint64_t hash) noexcept {
    return hash ^ ((std::uint64_t{key} + 1) * 0x9E3779B97F4A7C15ULL);
  }
  void place(std::vector<Named>& named);

  std::uint64_t mask_ = 0;
  std::uint64_t crowd_mask_ = 0;
  std::vector<Place> places_;        // a power of two
  std::vector<Crowd> crowds_;        // a power of two; free ones have no key
  std::vector<std::uint32_t> refs_;  // entries of the program
};

// nullptr where no key has so many entries that it would help.
std::shared_ptr<const PeopleIndex> index_people(const policy::Program& program, std::uint64_t seed);

}  // namespace writ
