// The entities in an image -> Snapshot. The bytes may come from anyone: every number, text and order is checked here,
// and what only all entities show together by the staging, as it is for JSON. Tested by tests/unit/data/image_test.cc
// and tests/image.
//
// Nothing is compared or copied more often than it is spelled: values of a table ascend, so that one that is made of
// others is compared by their numbers.
#include <algorithm>
#include <functional>

#include "src/data/load.h"
#include "src/data/load_options.h"
#include "src/data/packed.h"
#include "src/data/seal.h"
#include "src/data/staging.h"
#include "src/data/write_image.h"
#include "src/scope/build_datum.h"
#include "src/scope/fits.h"

namespace writ::data {
namespace {

class ImageLoad {
 public:
  ImageLoad(std::shared_ptr<const Schema> schema, std::span<const std::byte> bytes, const LoadOptions& options)
      : in_(bytes),
        size_(bytes.size()),
        staging_(std::move(schema), seed_of(options)),
        schema_(staging_.schema()),
        pool_(staging_.pool().arena()),
        progress_(options, bytes.size()),
        tables_(schema_.value_types.size()) {
    source_ = staging_.add_source("entity", false);
  }

  LoadedSnapshot run() {
    for (std::size_t i = 0; i < tables_.size() && in_.ok(); ++i) {
      if (is_numbered(schema_.value_types[i].kind)) table(static_cast<ValueTypeId>(i));
    }
    names();
    for (std::size_t i = 0; i < schema_.types.size() && in_.ok(); ++i) {
      lists(static_cast<TypeId>(i));
      if (const Result<void> added = entities(static_cast<TypeId>(i)); !added) return bad(added.error().detail());
    }
    in_.require(in_.left() == 0, "there are bytes left over");
    if (!in_.ok()) return bad(in_.fault());
    staging_.add_declared();
    progress_.end();
    if (const Result<void> closed = staging_.close(); !closed) return bad(closed.error().detail());
    return seal(staging_);
  }

 private:
  // A list of parents, as numbers of names; added when the first entity has it.
  struct List {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    ListId id = kNoParents;
  };

  static Error bad(std::string_view what) { return Error(ErrorCode::kBadImage, "its entities: ").append(what); }

  // ---------------------------------------------------------------------------------------------- values

  void table(ValueTypeId id) {
    const DatumKind kind = schema_.value_types[id].kind;
    std::vector<Datum>& values = tables_[id];
    const std::uint32_t count = in_.count(1);
    values.reserve(count);
    before_.clear();
    std::span<const Cell> before;
    for (std::uint32_t left = count; left > 0 && in_.ok(); --left) {
      if (kind == DatumKind::kScope) {
        const std::span<const Cell> cells = scope();
        in_.require(values.empty() || ascends(before, cells), "scopes are out of order");
        values.push_back(scope_datum(cells));
        before = cells;
        continue;
      }
      keys_.clear();
      values.push_back(kind == DatumKind::kSet ? set(id) : record(id));
      in_.require(values.size() == 1 || compare(record_datum(before_), record_datum(keys_)) < 0,
                  "values are out of order");
      before_.swap(keys_);
    }
  }

  // Runs of everything are compared by where they are: a few bytes name very many cells.
  bool ascends(std::span<const Cell> a, std::span<const Cell> b) const {
    if (in_everything(a) && in_everything(b)) {
      return a.data() != b.data() ? std::less<>()(a.data(), b.data()) : a.size() < b.size();
    }
    return compare(scope_datum(a), scope_datum(b)) < 0;
  }
  bool in_everything(std::span<const Cell> cells) const {
    const std::span<const Cell> all = schema_.everything();
    const std::less<> before;
    return !all.empty() && !before(cells.data(), all.data()) && before(cells.data(), all.data() + all.size());
  }

  std::span<const Cell> scope() {
    constexpr std::size_t kLeastBytes = 4;
    const std::uint32_t count = in_.count(kLeastBytes);
    if (!in_.ok()) return {};
    if (count == 0) {
      const std::size_t all = schema_.everything().size();
      const std::uint32_t first = in_.number_below(all, "a scope of nothing");
      const std::uint32_t of_run = in_.number_below(all - first + 1, "a scope of more than there is");
      in_.require(of_run != 0, "a scope of nothing");
      return in_.ok() ? schema_.everything().subspan(first, of_run) : std::span<const Cell>();
    }
    const std::span<Cell> cells = pool_.array<Cell>(count);
    for (std::size_t i = 0; i < cells.size() && in_.ok(); ++i) {
      Cell& cell = cells[i];
      cell.action = static_cast<ActionId>(in_.number_below(kNoId, "no such action"));
      cell.type = static_cast<TypeId>(in_.number_below(kNoId, "no such type"));
      const std::uint8_t kind = in_.byte();
      in_.require(kind <= static_cast<std::uint8_t>(CellKind::kType), "no such kind of scope");
      cell.kind = static_cast<CellKind>(kind);
      cell.id = pool_.copy(in_.text());
      if (!in_.ok()) break;
      // Data holds scopes that can be spelled.
      const bool spelled = cell.id.empty() || is_bare_id(cell.id);
      in_.require(fits(schema_, cell) && spelled, "a scope names what is not declared");
      in_.require(i == 0 || compare(cells[i - 1], cell) < 0, "a scope is out of order");
    }
    return cells;
  }

  Datum set(ValueTypeId id) {
    const ValueTypeId inner = schema_.value_types[id].inner;
    const std::span<Datum> items = pool_.array<Datum>(in_.count(1));
    if (is_numbered(schema_.value_types[inner].kind)) {
      ascending(items.size(), tables_[inner].size());
      if (!in_.ok()) return {};
      const std::vector<Datum>& values = tables_[inner];
      for (const std::uint32_t number : numbers_)
        __builtin_prefetch(&values[number]);
      for (std::size_t i = 0; i < items.size(); ++i) {
        items[i] = values[numbers_[i]];
        keys_.push_back(number_datum(DatumKind::kInt, numbers_[i]));
      }
    } else {
      for (std::size_t i = 0; i < items.size() && in_.ok(); ++i) {
        items[i] = value(inner, pool_, true);
        in_.require(i == 0 || compare(items[i - 1], items[i]) < 0, "a set is out of order");
        keys_.push_back(items[i]);
      }
    }
    Datum set;
    set.kind = DatumKind::kSet;
    set.items = items.data();
    set.count = static_cast<std::uint32_t>(items.size());
    return set;
  }

  Datum record(ValueTypeId id) {
    const std::vector<FieldType>& types = schema_.value_types[id].fields;
    const std::span<Datum> fields = pool_.array<Datum>(types.size());
    const std::string_view there = in_.raw((types.size() + 7) / 8);
    for (std::size_t i = 0; i < fields.size() && in_.ok(); ++i) {
      keys_.emplace_back();
      if (!has(there, i)) {
        in_.require(types[i].optional, "a record without one of its fields");
      } else if (is_numbered(schema_.value_types[types[i].type].kind)) {
        const std::vector<Datum>& values = tables_[types[i].type];
        const std::uint32_t number = in_.number_below(values.size(), "no such value");
        if (!in_.ok()) break;
        fields[i] = values[number];
        keys_.back() = number_datum(DatumKind::kInt, number);
      } else {
        keys_.back() = fields[i] = value(types[i].type, pool_, true);
      }
    }
    return record_datum(fields);
  }

  static bool has(std::string_view bits, std::size_t i) {
    return ((static_cast<std::uint8_t>(bits[i / 8]) >> (i % 8)) & 1U) != 0;
  }

  // Numbers, each as how many were left out before it, all below `bound`; to numbers_.
  void ascending(std::size_t count, std::size_t bound) {
    numbers_.clear();
    std::uint64_t next = 0;
    for (; count > 0 && in_.ok(); --count) {
      const std::uint64_t number = next + in_.number_below(bound - next, "no such value");
      numbers_.push_back(static_cast<std::uint32_t>(number));
      next = number + 1;
    }
  }

  // A value of the type. Its texts lie in the arena, or, where they need not be kept, in the image.
  Datum value(ValueTypeId id, Arena& arena, bool keep) {
    const DatumKind kind = schema_.value_types[id].kind;
    if (is_numbered(kind)) {
      const std::uint32_t number = in_.number_below(tables_[id].size(), "no such value");
      return in_.ok() ? tables_[id][number] : Datum();
    }
    Datum datum;
    switch (kind) {
      case DatumKind::kString:
        datum = text_datum(in_.text());
        break;
      case DatumKind::kEntity: {
        const auto type = static_cast<TypeId>(in_.number_below(kNoId, "no such type"));
        datum = entity_datum(type, in_.text());
        break;
      }
      case DatumKind::kIp:
        datum = address(arena);
        break;
      default:
        datum = number_datum(kind, in_.signed_number());
    }
    if (!in_.ok()) return {};
    in_.require(fits(schema_, id, datum), "a value does not fit its type");
    if (keep && (kind == DatumKind::kString || kind == DatumKind::kEntity)) {
      datum.bytes = arena.copy(datum.text()).data();
    }
    return datum;
  }

  Datum address(Arena& arena) {
    Ip ip;
    const std::string_view bytes = in_.raw(ip.bytes.size());
    ip.prefix = in_.byte();
    const std::uint8_t v4 = in_.byte();
    in_.require(v4 <= 1, "a flag is not one");
    if (!in_.ok()) return {};
    std::copy(bytes.begin(), bytes.end(), ip.bytes.begin());
    ip.v4 = v4 != 0;
    return address_datum(ip, arena);
  }

  // ---------------------------------------------------------------------------------------------- entities

  void names() {
    constexpr std::size_t kLeastBytes = 2;
    const std::uint32_t count = in_.count(kLeastBytes);
    names_.reserve(count);
    for (std::uint32_t left = count; left > 0 && in_.ok(); --left) {
      const auto type = static_cast<TypeId>(in_.number_below(schema_.types.size(), "no such type"));
      const Datum name = entity_datum(type, in_.text());
      if (!in_.ok()) return;
      in_.require(fits_entity(schema_, type, name.text()), "a parent's id is none");
      in_.require(names_.empty() || compare(names_.back(), name) < 0, "parents are out of order");
      names_.push_back(name);
    }
  }

  // Those of one type, so that whether its entities may have such parents is asked once for each.
  void lists(TypeId type) {
    constexpr std::size_t kLeastBytes = 2;
    const std::vector<TypeId>& allowed = schema_.types[type].parents;
    lists_.clear();
    members_.clear();
    for (std::uint32_t left = in_.count(kLeastBytes); left > 0 && in_.ok(); --left) {
      const std::uint32_t count = in_.count(1);
      in_.require(count != 0, "a list of no parents");
      ascending(count, names_.size());
      if (!in_.ok()) return;
      lists_.push_back({static_cast<std::uint32_t>(members_.size()), count, kNoParents});
      members_.insert(members_.end(), numbers_.begin(), numbers_.end());
      for (const std::uint32_t number : numbers_) {
        in_.require(std::find(allowed.begin(), allowed.end(), names_[number].type) != allowed.end(),
                    "a parent is of a type that is not declared for it");
      }
    }
  }

  Result<void> entities(TypeId type) {
    const std::vector<Attribute>& declared = schema_.types[type].attributes;
    const std::size_t bytes_of_bits = (declared.size() + 7) / 8;
    attributes_.resize(declared.size());
    for (std::uint32_t left = in_.count(2 + bytes_of_bits); left > 0 && in_.ok(); --left) {
      scratch_.clear();
      const Datum entity = entity_datum(type, in_.text());
      const std::uint32_t list = in_.number_below(lists_.size() + 1, "no such list of parents");
      const std::string_view there = in_.raw(bytes_of_bits);
      for (std::size_t i = 0; i < declared.size() && in_.ok(); ++i)
        attributes_[i] = has(there, i) ? value(declared[i].type, scratch_, false) : Datum();
      if (!in_.ok()) break;
      in_.require(fits_entity(schema_, type, entity.text()), "an entity's id is none");
      if (!in_.ok()) break;
      const Place place{source_, ++number_};
      const ListId parents = list == 0 ? kNoParents : list_of(lists_[list - 1]);
      if (const Result<void> added = staging_.add_laid(place, entity, attributes_, parents); !added) return added;
      progress_.entity(size_ - in_.left());
    }
    return {};
  }

  ListId list_of(List& list) {
    if (list.id == kNoParents) {
      parents_.clear();
      for (const std::uint32_t number : std::span(members_).subspan(list.first, list.count))
        parents_.push_back(names_[number]);
      list.id = staging_.list(parents_);
    }
    return list.id;
  }

  PackedReader in_;
  std::size_t size_;
  Staging staging_;
  const Schema& schema_;
  Arena& pool_;
  Progress progress_;
  std::uint32_t source_ = 0;
  std::uint32_t number_ = 0;
  std::vector<std::vector<Datum>> tables_;  // by value type; values of a table ascend
  std::vector<Datum> names_;                // of entities that others name as parents, ascending
  std::vector<List> lists_;
  std::vector<std::uint32_t> members_;  // of lists: numbers of names
  std::vector<Datum> attributes_;       // of one entity
  std::vector<Datum> parents_;
  std::vector<std::uint32_t> numbers_;
  // What the value before and this one are compared by: numbers in place of values that have them.
  std::vector<Datum> before_;
  std::vector<Datum> keys_;
  Arena scratch_;
};

}  // namespace

LoadedSnapshot load_image(std::shared_ptr<const Schema> schema, std::span<const std::byte> body,
                          const LoadOptions& options) {
  return ImageLoad(std::move(schema), body, options).run();
}

}  // namespace writ::data
