// Tested by tests/unit/policy/lay_lines_test.cc and, end to end, by tests/differential.
#include "src/policy/lay_lines.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "src/base/huge_pages.h"

namespace writ::policy {
namespace {

constexpr std::uint64_t kSeeds = 8;

bool has_id(const KeyRecord& key) {
  const auto kind = static_cast<CellKind>(key.kind);
  return kind == CellKind::kPrefix || kind == CellKind::kExact;
}

class Layer {
 public:
  Layer(const ConditionForms& forms, std::span<const PairRecord> pairs, std::span<const KeyRecord> keys,
        std::span<EntryRecord> entries, std::string_view texts)
      : forms_(forms), pairs_(pairs), keys_(keys), entries_(entries), texts_(texts) {}

  Result<Lines> run() {
    if (!place()) return Error(ErrorCode::kTooMany, "ids whose hashes are equal under every seed");
    std::size_t next = 0;
    for (std::uint32_t at = 0; at < keys_.size(); ++at) {
      fetch(at, next);
      if (has_id(keys_[at])) {
        lay(at, made_.lines[places_[next++]]);
      } else {
        spread(keys_[at]);
      }
    }
    return std::move(made_);
  }

 private:
  // What the keys after this one will need lies anywhere: their line, and of their first entry condition and constant.
  void fetch(std::uint32_t at, std::size_t next) const {
    constexpr std::uint32_t kAhead = 16;
    if (next + kAhead < places_.size()) __builtin_prefetch(&made_.lines[places_[next + kAhead]], 1);
    if (at + kAhead >= keys_.size()) return;
    const auto condition = [this](std::uint32_t key) -> const NodeRecord* {
      const std::uint32_t entry = keys_[key].entries;
      if (entry >= entries_.size() || entries_[entry].condition == kNoNode) return nullptr;
      return &forms_.nodes[entries_[entry].condition];
    };
    if (const NodeRecord* const far = condition(at + kAhead); far != nullptr) __builtin_prefetch(far);
    const NodeRecord* const near = condition(at + kAhead / 2);
    if (near == nullptr || near->kid_count != 2) return;
    const NodeRecord& right = forms_.nodes[near->slots];
    if (static_cast<Op>(right.op) == Op::kConstant) __builtin_prefetch(&forms_.constants[right.index]);
  }

  std::string_view id(const KeyRecord& key) const { return texts_.substr(key.id.offset, key.id.size); }
  std::span<EntryRecord> entries(const KeyRecord& key) const {
    const std::size_t end = &key == &keys_.back() ? entries_.size() : (&key)[1].entries;
    return entries_.subspan(key.entries, end - key.entries);
  }

  // Finds a place for every key with an id.
  bool place() {
    for (std::uint64_t i = 0; i < kSeeds; ++i) {
      made_.seed = kTableSeed + i;
      std::vector<std::uint64_t> hashes;
      reserve_large(hashes, keys_.size());
      for (const KeyRecord& key : keys_) {
        if (has_id(key)) hashes.push_back(hash_key(key.pair, static_cast<CellKind>(key.kind), id(key), made_.seed));
      }
      if (hashes.empty()) return true;
      pilot::Places placed = pilot::place(hashes);
      if (std::find(placed.places.begin(), placed.places.end(), pilot::kNone) != placed.places.end()) continue;
      places_ = std::move(placed.places);
      made_.pilots = std::move(placed.pilots);
      reserve_large(made_.lines, placed.capacity);
      made_.lines.resize(placed.capacity);
      return true;
    }
    return false;
  }

  void lay(std::uint32_t at, LineRecord& line) {
    const KeyRecord& key = keys_[at];
    line.pair = key.pair;
    line.key = at;
    line.kind = static_cast<std::uint8_t>(key.kind);
    const std::span<EntryRecord> own = entries(key);
    if (key.id.size <= sizeof(line.bytes)) {
      line.id_size = static_cast<std::uint8_t>(key.id.size);
      std::memcpy(line.bytes, texts_.data() + key.id.offset, key.id.size);
    }
    if (line.id_size == LineRecord::kElsewhere || !lay_entry(key, own, line)) spread(key);
  }

  // Puts the only entry into the line, behind the id, with its tests and the ids of users. False where they do not fit.
  bool lay_entry(const KeyRecord& key, std::span<EntryRecord> own, LineRecord& line) {
    if (own.size() != 1 || own[0].per_agent != 0) return false;
    EntryRecord& entry = own[0];
    const auto kind = static_cast<EntryKind>(entry.kind);
    if (kind == EntryKind::kLimit || kind == EntryKind::kTrust) return false;
    scratch_.clear();
    conjuncts(forms_, entry.condition, pairs_[key.pair].type, scratch_);
    const std::size_t of_tests = scratch_.size() * sizeof(TestRecord);
    const std::size_t tests_at = LineRecord::room_of_id(line.id_size);
    std::size_t used = tests_at + of_tests;
    if (used > sizeof(line.bytes)) return false;
    for (TestRecord& test : scratch_) {
      if (static_cast<TestOf>(test.of) != TestOf::kUserIs) continue;
      const ConstantRecord& user = forms_.constants[static_cast<std::uint32_t>(test.number)];
      if (used + user.count > sizeof(line.bytes)) continue;
      std::memcpy(line.bytes + used, texts_.data() + user.first, user.count);
      test.of = static_cast<std::uint8_t>(TestOf::kUserHere);
      test.number = static_cast<std::int32_t>(used);
      test.index = static_cast<std::uint16_t>(user.count);
      used += user.count;
    }
    if (of_tests != 0) std::memcpy(line.bytes + tests_at, scratch_.data(), of_tests);
    line.rule = entry.rule;
    line.entry = entry.kind;
    line.test_count = static_cast<std::uint8_t>(scratch_.size());
    entry.tests = kNoNode;
    return true;
  }

  // Gives each entry of the key a run in the tests section; equal conditions share one.
  void spread(const KeyRecord& key) {
    const TypeId type = pairs_[key.pair].type;
    for (EntryRecord& entry : entries(key)) {
      if (entry.condition == kNoNode) continue;
      const std::uint64_t name = (std::uint64_t{entry.condition} << 16U) | type;
      const auto [found, fresh] = runs_.try_emplace(name, Run{});
      if (fresh) {
        found->second.first = static_cast<std::uint32_t>(made_.tests.size());
        conjuncts(forms_, entry.condition, type, made_.tests);
        found->second.count = static_cast<std::uint16_t>(made_.tests.size() - found->second.first);
      }
      entry.tests = found->second.first;
      entry.test_count = found->second.count;
    }
  }

  struct Run {
    std::uint32_t first = 0;
    std::uint16_t count = 0;
  };

  const ConditionForms& forms_;
  std::span<const PairRecord> pairs_;
  std::span<const KeyRecord> keys_;
  std::span<EntryRecord> entries_;
  std::string_view texts_;
  Lines made_;
  std::vector<std::uint32_t> places_;
  std::vector<TestRecord> scratch_;
  std::unordered_map<std::uint64_t, Run> runs_;
};

}  // namespace

Result<Lines> lay_lines(const ConditionForms& forms, std::span<const PairRecord> pairs, std::span<const KeyRecord> keys,
                        std::span<EntryRecord> entries, std::string_view texts) {
  return Layer(forms, pairs, keys, entries, texts).run();
}

}  // namespace writ::policy
