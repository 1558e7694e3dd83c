// NameTable: what there is to be said of "action:type", found by one look-up for the two names. For names that together
// are short enough to be compared without a loop.
// Tested by tests/unit/scope/name_table_test.cc, parse_scope_test.cc and scope_grammar_test.cc.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "src/scope/cell.h"
#include "src/scope/short_scope.h"

namespace writ {

// Record: has `PaddedWords name[2]`, "action:type" padded with zeros, `name_size` of it, and `TypeId type`, kNoId in a
// free place.
template <class Record>
class NameTable {
 public:
  // At most 65,536 records; of more it holds none.
  void fill(std::span<const Record> records) {
    constexpr std::size_t kMost = 65'536;
    constexpr std::uint64_t kSeeds = 64;
    if (records.empty() || records.size() > kMost) return;
    mask_ = std::bit_ceil(4 * records.size()) - 1;
    std::size_t least = SIZE_MAX;
    // A look-up that finds its record at once has no branch that goes the unforeseen way; few of them allow that for
    // all.
    for (std::uint64_t seed = 0; seed < kSeeds && least != 0; ++seed) {
      std::vector<bool> taken(mask_ + 1);
      std::size_t displaced = 0;
      for (const Record& record : records) {
        const std::size_t at = hash(record.name, seed) & mask_;
        displaced += std::size_t{taken[at]};
        taken[at] = true;
      }
      if (displaced >= least) continue;
      least = displaced;
      seed_ = seed;
    }
    places_.resize(mask_ + 1);
    for (const Record& record : records) {
      std::size_t at = hash(record.name, seed_) & mask_;
      while (places_[at].type != kNoId)
        at = (at + 1) & mask_;
      places_[at] = record;
    }
  }

  // nullptr: not here, though it may be declared. Allocates nothing.
  const Record* find(const ShortScope& scope) const noexcept {
    const Record* const places = places_.data();
    if (places == nullptr) return nullptr;
    for (std::size_t at = hash(scope.name, seed_) & mask_;; at = (at + 1) & mask_) {
      const Record& record = places[at];
      if (record.name[0] == scope.name[0] && record.name[1] == scope.name[1] && record.name_size == scope.name_size) {
        return &record;
      }
      if (record.type == kNoId) return nullptr;
    }
  }

  std::span<const Record> places() const noexcept { return places_; }

 private:
  // Names are declared by the policy's author, so nobody can choose them for their hashes.
  static std::uint64_t hash(const PaddedWords (&name)[2], std::uint64_t seed) noexcept {
    const std::uint64_t low = (name[0].low ^ name[1].low ^ seed) * 0x9E3779B97F4A7C15ULL;
    const std::uint64_t high = (name[0].high ^ name[1].high ^ seed) * 0xD6E8FEB86659FD93ULL;
    return (low ^ high) >> 32U;
  }

  std::uint64_t seed_ = 0;
  std::size_t mask_ = 0;
  std::vector<Record> places_;  // a power of two, at most a quarter full; empty where there are too many to be worth it
};

// A pair of action and type that is declared.
struct Word {
  PaddedWords name[2];
  std::uint8_t name_size = 0xFF;  // of no name
  ActionId action = kNoId;
  TypeId type = kNoId;
  bool on_type = false;  // the action is on the type itself
  bool single = false;   // of the type there is one resource
  bool open = false;     // neither, and the type does not list its ids: any will do
};

using Vocabulary = NameTable<Word>;

// The cell that a scope means, whose names are those of `word`, a Word or what holds as much. False where more has to
// be asked: of a closed type whether it has the id, of others what is wrong.
template <class Record>
bool read_cell(const ShortScope& scope, const Record& word, Cell& cell) noexcept {
  cell.action = word.action;
  cell.type = word.type;
  cell.id = scope.id;
  if (!scope.has_id) {
    cell.kind = word.on_type ? CellKind::kType : (word.single ? CellKind::kExact : CellKind::kAll);
    return true;
  }
  cell.kind = !scope.star ? CellKind::kExact : (scope.id.empty() ? CellKind::kAll : CellKind::kPrefix);
  return word.open;
}

}  // namespace writ
