// Tested by tests/unit/policy/lay_lines_test.cc and, end to end, by tests/differential.
#include "src/policy/lay_lines.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "src/base/aside.h"
#include "src/base/place.h"

namespace writ::policy {
namespace {

constexpr std::uint64_t kSeeds = 8;

constexpr std::uint32_t kFew = 50'000;  // keys that are not worth another thread

bool has_id(CellKind kind) {
  return kind == CellKind::kPrefix || kind == CellKind::kExact;
}
bool has_id(const KeyRecord& key) {
  return has_id(static_cast<CellKind>(key.kind));
}

std::span<EntryRecord> entries_of(std::uint32_t at, std::span<const KeyRecord> keys, std::span<EntryRecord> entries) {
  const std::size_t end = at + 1 == keys.size() ? entries.size() : keys[at + 1].entries;
  return entries.subspan(keys[at].entries, end - keys[at].entries);
}

// Lays the lines of a run of keys. What it says of itself is where they go, so that several may do it side by side.
class Layer {
 public:
  Layer(const ConditionForms& forms, std::span<const PairRecord> pairs, std::span<const KeyRecord> keys,
        std::span<EntryRecord> entries, std::string_view texts, std::span<const std::uint32_t> places,
        std::span<LineRecord> lines)
      : forms_(forms), pairs_(pairs), keys_(keys), entries_(entries), texts_(texts), places_(places), lines_(lines) {}

  // The keys from `first` up to `last`; the first of them with an id has the place `next`.
  void run(std::uint32_t first, std::uint32_t last, std::size_t next) {
    for (std::uint32_t at = first; at < last; ++at) {
      fetch(at, next);
      if (!has_id(keys_[at]) || !lay(at, lines_[places_[next++]])) elsewhere_.push_back(at);
    }
  }

  // Keys of which not everything stands in a line, ascending.
  const std::vector<std::uint32_t>& elsewhere() const { return elsewhere_; }

 private:
  // What the keys after this one will need lies anywhere: their line, and of their first entry condition, constant, and
  // its text. Each is known when the one before is there.
  void fetch(std::uint32_t at, std::size_t next) const {
    constexpr std::uint32_t kLine = 16, kCondition = 36, kConstant = 24, kText = 12;
    if (next + kLine < places_.size()) __builtin_prefetch(&lines_[places_[next + kLine]], 1);
    if (const NodeRecord* const node = condition(at + kCondition); node != nullptr) __builtin_prefetch(node);
    if (const ConstantRecord* const constant = right_of(at + kConstant); constant != nullptr) {
      __builtin_prefetch(constant);
    }
    const ConstantRecord* const constant = right_of(at + kText);
    if (constant != nullptr && static_cast<DatumKind>(constant->kind) == DatumKind::kEntity) {
      __builtin_prefetch(texts_.data() + constant->first);
    }
  }

  // Of the key's first entry; nullptr where there is none.
  const NodeRecord* condition(std::uint32_t key) const {
    if (key >= keys_.size()) return nullptr;
    const std::uint32_t entry = keys_[key].entries;
    if (entry >= entries_.size() || entries_[entry].condition == kNoNode) return nullptr;
    return &forms_.nodes[entries_[entry].condition];
  }

  // What that condition compares with, where it is a constant.
  const ConstantRecord* right_of(std::uint32_t key) const {
    const NodeRecord* const whole = condition(key);
    if (whole == nullptr || whole->kid_count != 2) return nullptr;
    const NodeRecord& right = forms_.nodes[whole->slots];
    return static_cast<Op>(right.op) == Op::kConstant ? &forms_.constants[right.index] : nullptr;
  }

  // False where the line does not say everything.
  bool lay(std::uint32_t at, LineRecord& line) {
    const KeyRecord& key = keys_[at];
    line.pair = key.pair;
    line.key = at;
    line.kind = static_cast<std::uint8_t>(key.kind);
    if (key.id.size <= sizeof(line.bytes)) {
      line.id_size = static_cast<std::uint8_t>(key.id.size);
      std::memcpy(line.bytes, texts_.data() + key.id.offset, key.id.size);
    }
    return line.id_size != LineRecord::kElsewhere && lay_entry(key, entries_of(at, keys_, entries_), line);
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

  const ConditionForms& forms_;
  std::span<const PairRecord> pairs_;
  std::span<const KeyRecord> keys_;
  std::span<EntryRecord> entries_;
  std::string_view texts_;
  std::span<const std::uint32_t> places_;
  std::span<LineRecord> lines_;
  std::vector<std::uint32_t> elsewhere_;
  Bulk<TestRecord> scratch_;
};

// Gives the entries of keys a run each in the tests section; equal conditions share one.
class Spreader {
 public:
  Spreader(const ConditionForms& forms, Bulk<TestRecord>& tests) : forms_(forms), tests_(tests) {}

  void spread(TypeId type, std::span<EntryRecord> entries) {
    for (EntryRecord& entry : entries) {
      if (entry.condition == kNoNode) continue;
      const std::uint64_t name = (std::uint64_t{entry.condition} << 16U) | type;
      const auto [found, fresh] = runs_.try_emplace(name, Run{});
      if (fresh) {
        found->second.first = static_cast<std::uint32_t>(tests_.size());
        conjuncts(forms_, entry.condition, type, tests_);
        found->second.count = static_cast<std::uint16_t>(tests_.size() - found->second.first);
      }
      entry.tests = found->second.first;
      entry.test_count = found->second.count;
    }
  }

 private:
  struct Run {
    std::uint32_t first = 0;
    std::uint16_t count = 0;
  };
  const ConditionForms& forms_;
  Bulk<TestRecord>& tests_;
  std::unordered_map<std::uint64_t, Run> runs_;
};

std::size_t ids_in(std::span<const KeyRecord> keys) {
  return static_cast<std::size_t>(
      std::count_if(keys.begin(), keys.end(), [](const KeyRecord& key) { return has_id(key); }));
}

}  // namespace

Result<PlacedLines> place_lines(const Tree& tree) {
  PlacedLines made;
  for (std::uint64_t i = 0; i < kSeeds; ++i) {
    made.seed = kTableSeed + i;
    Bulk<std::uint64_t> hashes;
    hashes.reserve(tree.keys.size());
    for (std::uint32_t pair = 0; pair < tree.pairs.size(); ++pair) {
      const TreePair& of = tree.pairs[pair];
      const Range keys = of.keys;
      KeyHasher hash_of(*tree.typed.schema, of.action, of.type, pair, made.seed);
      for (const TreeKey& key : std::span(tree.keys).subspan(keys.first, keys.count)) {
        if (has_id(key.kind)) hashes.push_back(hash_of(key.kind, key.id));
      }
    }
    if (hashes.empty()) return made;
    pilot::Places placed = pilot::place(hashes);
    if (std::find(placed.places.begin(), placed.places.end(), pilot::kNone) != placed.places.end()) continue;
    made.places = std::move(placed.places);
    made.pilots = std::move(placed.pilots);
    made.lines.resize(placed.capacity);
    return made;
  }
  return Error(ErrorCode::kTooMany, "ids whose hashes are equal under every seed");
}

Bulk<TestRecord> lay_lines(const ConditionForms& forms, std::span<const PairRecord> pairs,
                           std::span<const KeyRecord> keys, std::span<EntryRecord> entries, std::string_view texts,
                           PlacedLines& placed, unsigned threads) {
  const auto end = static_cast<std::uint32_t>(keys.size());
  const std::uint32_t middle = end < kFew ? end : end / 2;
  Layer first(forms, pairs, keys, entries, texts, placed.places, placed.lines);
  Layer second = first;
  Aside aside(middle < end ? threads : 1, [&] { second.run(middle, end, ids_in(keys.first(middle))); });
  first.run(0, middle, 0);
  aside.wait();
  // In the order of the keys, whoever laid them: equal policies are equal images.
  Bulk<TestRecord> tests;
  Spreader spreader(forms, tests);
  for (const Layer* layer : {&first, &second}) {
    for (const std::uint32_t at : layer->elsewhere())
      spreader.spread(pairs[keys[at].pair].type, entries_of(at, keys, entries));
  }
  return tests;
}

}  // namespace writ::policy
