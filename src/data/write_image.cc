// Tested by tests/unit/data/image_test.cc.
#include "src/data/write_image.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <unordered_map>

#include "src/data/dump.h"
#include "src/data/hash_index.h"
#include "src/data/packed.h"
#include "src/data/pool.h"
#include "src/data/shard.h"

namespace writ::data {
namespace {

// Different values, numbered in their order once all are there.
class Numbering {
 public:
  // Whether it is new.
  bool add(const Datum& value) {
    const std::uint64_t hash = hash_content(value, kSeed);
    if (find(value, hash) != kNone) return false;
    index_.add(hash, static_cast<std::uint32_t>(values_.size()));
    values_.push_back(value);
    return true;
  }
  void sort() {
    order_.resize(values_.size());
    std::iota(order_.begin(), order_.end(), 0U);
    std::sort(order_.begin(), order_.end(),
              [this](std::uint32_t a, std::uint32_t b) { return compare(values_[a], values_[b]) < 0; });
    numbers_.resize(values_.size());
    for (std::uint32_t i = 0; i < order_.size(); ++i)
      numbers_[order_[i]] = i;
  }
  std::uint32_t number(const Datum& value) const { return numbers_[find(value, hash_content(value, kSeed))]; }
  std::size_t size() const { return values_.size(); }
  const Datum& operator[](std::size_t number) const { return values_[order_[number]]; }

 private:
  static constexpr std::uint64_t kSeed = 0;  // what is written does not depend on it

  std::uint32_t find(const Datum& value, std::uint64_t hash) const {
    return index_.find(hash, [&](std::uint32_t i) { return compare(values_[i], value) == 0; });
  }

  std::vector<Datum> values_;
  HashIndex index_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> numbers_;
};

class ImageWriter {
 public:
  explicit ImageWriter(const Snapshot& snapshot)
      : snapshot_(snapshot),
        schema_(snapshot.schema()),
        nodes_(schema_.types.size()),
        tables_(schema_.value_types.size()) {}

  std::vector<std::byte> run() {
    collect();
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      if (is_numbered(schema_.value_types[i].kind)) table(static_cast<ValueTypeId>(i));
    }
    names_.sort();
    out_.number(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      out_.number(names_[i].type);
      out_.text(names_[i].text());
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      type(schema_.types[i], nodes_[i]);
    return std::move(out_.bytes());
  }

 private:
  void collect() {
    for (const auto& shard : snapshot_.shards()) {
      shard->each([this](const Node& node) {
        if (is_stated(schema_, node)) nodes_[node.entity.type].push_back(&node);
      });
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      std::sort(nodes_[i].begin(), nodes_[i].end(),
                [](const Node* a, const Node* b) { return a->entity.text() < b->entity.text(); });
      for (const Node* node : nodes_[i]) {
        for (const Datum& parent : node->parents())
          names_.add(parent);
        for (std::size_t k = 0; k < node->attributes.size(); ++k)
          mention(schema_.types[i].attributes[k].type, node->attributes[k]);
      }
    }
  }

  // Goes as deep as types nest.
  void mention(ValueTypeId id, const Datum& value) {
    const ValueType& type = schema_.value_types[id];
    if (value.kind == DatumKind::kNone || !is_numbered(type.kind) || !tables_[id].add(value)) return;
    if (type.kind == DatumKind::kSet) {
      if (!is_numbered(schema_.value_types[type.inner].kind)) return;
      for (const Datum& item : std::span(value.items, value.count))
        mention(type.inner, item);
    } else if (type.kind == DatumKind::kRecord) {
      for (std::size_t i = 0; i < type.fields.size(); ++i)
        mention(type.fields[i].type, value.items[i]);
    }
  }

  // Types are made of earlier ones, so that the numbers of what a value is made of are known.
  void table(ValueTypeId id) {
    const ValueType& type = schema_.value_types[id];
    Numbering& values = tables_[id];
    values.sort();
    out_.number(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Datum& value = values[i];
      if (type.kind == DatumKind::kScope) {
        scope(std::span(value.cells, value.count));
      } else if (type.kind == DatumKind::kSet) {
        set(type.inner, std::span(value.items, value.count));
      } else {
        fields(std::span(value.items, value.count), [&type](std::size_t k) { return type.fields[k].type; });
      }
    }
  }

  void scope(std::span<const Cell> cells) {
    const std::span<const Cell> everything = schema_.everything();
    const std::less<> before;  // of pointers into different arrays
    if (!everything.empty() && !before(cells.data(), everything.data()) &&
        before(cells.data(), everything.data() + everything.size())) {
      out_.number(0);
      out_.number(static_cast<std::uint64_t>(cells.data() - everything.data()));
      out_.number(cells.size());
      return;
    }
    out_.number(cells.size());
    for (const Cell& cell : cells) {
      out_.number(cell.action);
      out_.number(cell.type);
      out_.byte(static_cast<std::uint8_t>(cell.kind));
      out_.text(cell.id);
    }
  }

  void set(ValueTypeId inner, std::span<const Datum> items) {
    out_.number(items.size());
    if (!is_numbered(schema_.value_types[inner].kind)) {
      for (const Datum& item : items)
        value(inner, item);
      return;
    }
    numbers_.clear();
    for (const Datum& item : items)
      numbers_.push_back(tables_[inner].number(item));
    ascending(out_, numbers_);
  }

  // Numbers, each as how many were left out before it.
  static void ascending(PackedWriter& out, std::span<const std::uint32_t> numbers) {
    std::uint32_t next = 0;
    for (const std::uint32_t number : numbers) {
      out.number(number - next);
      next = number + 1;
    }
  }

  // Which of them are there, a bit each, and those.
  template <class TypeOf>
  void fields(std::span<const Datum> values, TypeOf&& type_of) {
    for (std::size_t i = 0; i < values.size(); i += 8) {
      unsigned bits = 0;
      for (std::size_t k = i; k < std::min(i + 8, values.size()); ++k)
        bits |= (values[k].kind != DatumKind::kNone ? 1U : 0U) << (k - i);
      out_.byte(static_cast<std::uint8_t>(bits));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].kind != DatumKind::kNone) value(type_of(i), values[i]);
    }
  }

  void value(ValueTypeId id, const Datum& value) {
    switch (value.kind) {
      case DatumKind::kString:
        out_.text(value.text());
        break;
      case DatumKind::kIp:
        for (const std::uint8_t byte : value.address->bytes)
          out_.byte(byte);
        out_.byte(value.address->prefix);
        out_.byte(value.address->v4 ? 1 : 0);
        break;
      case DatumKind::kEntity:
        out_.number(value.type);
        out_.text(value.text());
        break;
      case DatumKind::kScope:
      case DatumKind::kSet:
      case DatumKind::kRecord:
        out_.number(tables_[id].number(value));
        break;
      default:
        out_.signed_number(value.number);
    }
  }

  // The lists of parents that occur, then the entities.
  void type(const EntityType& type, std::span<const Node* const> nodes) {
    std::vector<std::uint32_t> list_of;
    PackedWriter lists;
    std::unordered_map<std::string, std::uint32_t> known;
    for (const Node* node : nodes) {
      if (node->parents().empty()) {
        list_of.push_back(0);
        continue;
      }
      numbers_.clear();
      for (const Datum& parent : node->parents())
        numbers_.push_back(names_.number(parent));
      PackedWriter list;
      list.number(numbers_.size());
      ascending(list, numbers_);
      const auto* const first = reinterpret_cast<const char*>(list.bytes().data());
      const auto fresh = static_cast<std::uint32_t>(known.size() + 1);
      const auto [at, is_new] = known.try_emplace(std::string(first, list.bytes().size()), fresh);
      if (is_new) lists.append(list.bytes());
      list_of.push_back(at->second);
    }
    out_.number(known.size());
    out_.append(lists.bytes());
    out_.number(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      out_.text(nodes[i]->entity.text());
      out_.number(list_of[i]);
      fields(nodes[i]->attributes, [&type](std::size_t k) { return type.attributes[k].type; });
    }
  }

  const Snapshot& snapshot_;
  const Schema& schema_;
  std::vector<std::vector<const Node*>> nodes_;  // by type, ascending by id
  std::vector<Numbering> tables_;                // by value type
  Numbering names_;                              // of entities that others name as parents
  std::vector<std::uint32_t> numbers_;
  PackedWriter out_;
};

}  // namespace

std::vector<std::byte> write_image(const Snapshot& snapshot) {
  return ImageWriter(snapshot).run();
}

}  // namespace writ::data
