// The hostile side of encode.h. Whoever reads a schema from here on relies on what is checked in this file.
// Tested by tests/unit/scope/encode_test.cc: every truncation, every flipped byte of samples, seeded mutations.
#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "src/scope/bare.h"
#include "src/scope/encode.h"
#include "src/scope/fits.h"

namespace writ {
namespace {

// Reads until the first thing that is wrong; from then on everything reads as zero and empty, and `fault` says what
// was.
class Bytes {
 public:
  explicit Bytes(std::span<const std::byte> bytes) : rest_(bytes) {}

  const char* fault() const { return fault_; }
  bool ok() const { return fault_ == nullptr; }
  std::size_t left() const { return rest_.size(); }
  void require(bool holds, const char* otherwise) {
    if (!holds && ok()) {
      fault_ = otherwise;
      rest_ = {};
    }
  }

  template <unsigned kBytes>
  std::uint64_t number() {
    require(rest_.size() >= kBytes, "ends too early");
    if (!ok()) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < kBytes; ++i)
      value |= std::uint64_t{static_cast<std::uint8_t>(rest_[i])} << (8 * i);
    rest_ = rest_.subspan(kBytes);
    return value;
  }

  std::uint8_t byte_up_to(std::uint8_t most, const char* otherwise) {
    const auto value = static_cast<std::uint8_t>(number<1>());
    require(value <= most, otherwise);
    return ok() ? value : std::uint8_t{0};
  }

  std::string_view text() {
    const std::uint64_t size = number<4>();
    require(size <= rest_.size(), "a text runs past the end");
    if (!ok()) return {};
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), size);
    rest_ = rest_.subspan(size);
    return text;
  }

  // A count of elements of at least `least` bytes each: more than can follow is refused before memory is taken for
  // them.
  std::uint32_t count(std::size_t least) {
    const std::uint64_t count = number<4>();
    require(count <= rest_.size() / least, "a list runs past the end");
    return ok() ? static_cast<std::uint32_t>(count) : 0;
  }

 private:
  std::span<const std::byte> rest_;
  const char* fault_ = nullptr;
};

class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : in_(bytes) {}

  Result<std::shared_ptr<const Schema>> run() {
    auto schema = std::make_shared<Schema>();
    schema_ = schema.get();
    actions();
    types();
    value_types();
    for (EntityType& type : schema_->types)
      relations(type);
    principals();
    // What values are checked against is complete from here on.
    for (EntityType& type : schema_->types)
      attributes(type);
    context();
    aliases();
    in_.require(in_.left() == 0, "has bytes left over");
    if (!in_.ok()) return Error(ErrorCode::kBadImage, "the declarations: ").append(in_.fault());
    schema->index_names();
    schema->index_cells();
    return std::shared_ptr<const Schema>(std::move(schema));
  }

 private:
  static constexpr std::size_t kTextBytes = 4;  // of an empty text or list

  // Every name of a list, once.
  void take_name(std::string_view name, bool well_formed, std::unordered_set<std::string_view>& seen) {
    in_.require(well_formed, "a name is not well-formed");
    in_.require(seen.insert(name).second, "a name stands twice");
  }

  void actions() {
    const std::uint32_t count = in_.count(kTextBytes);
    in_.require(count < kNoId, "too many actions");
    std::unordered_set<std::string_view> seen;
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) {
      const std::string_view name = in_.text();
      take_name(name, is_action_name(name), seen);
      schema_->actions.emplace_back(name);
    }
  }

  void types() {
    const std::uint32_t count = in_.count(2 * kTextBytes + 1);
    in_.require(count < kNoId, "too many types");
    std::unordered_set<std::string_view> seen;
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) {
      EntityType& type = schema_->types.emplace_back();
      const std::string_view name = in_.text();
      take_name(name, is_type_name(name), seen);
      type.name = name;
      const std::uint8_t flags = in_.byte_up_to(2, "a type is both single and closed");
      type.single = (flags & 1U) != 0;
      type.closed = (flags & 2U) != 0;
      const std::uint32_t ids = in_.count(kTextBytes);
      in_.require(type.closed == (ids > 0), "only closed types list ids");
      for (std::uint32_t k = 0; k < ids && in_.ok(); ++k) {
        const std::string_view id = in_.text();
        in_.require(is_id(id) && (type.ids.empty() || type.ids.back() < id), "the ids of a type are out of order");
        type.ids.emplace_back(id);
      }
    }
  }

  // Types are made of earlier ones, so nothing runs in a circle. A record used twice in another is spelled twice, so
  // that few bytes could stand for a spelling without end; that is bounded, too.
  void value_types() {
    constexpr std::uint64_t kMaxParts = std::uint64_t{1} << 20;
    struct Shape {
      std::uint32_t depth = 1;
      std::uint64_t parts = 1;
    };
    std::vector<Shape> shapes;
    const std::uint32_t count = in_.count(1);
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) {
      const ValueType type = value_type(i);
      Shape shape;
      const auto add = [&](ValueTypeId part) {
        shape.depth = std::max(shape.depth, shapes[part].depth + 1);
        shape.parts += shapes[part].parts;
      };
      if (in_.ok() && type.kind == DatumKind::kSet) add(type.inner);
      for (const FieldType& field : type.fields) {
        if (in_.ok()) add(field.type);
      }
      shape.parts += type.entities.size();
      in_.require(shape.depth <= kMaxTypeDepth && shape.parts <= kMaxParts, "a value type is too large");
      shapes.push_back(shape);
      if (in_.ok()) in_.require(schema_->intern(type) == i, "a value type stands twice");
    }
  }

  ValueType value_type(std::uint32_t before) {
    ValueType type;
    type.kind = static_cast<DatumKind>(in_.byte_up_to(static_cast<std::uint8_t>(DatumKind::kRecord), "no such kind"));
    in_.require(type.kind != DatumKind::kNone, "no such kind");
    if (type.kind == DatumKind::kEntity) {
      type.entities = ascending_ids(schema_->types.size());
      in_.require(!type.entities.empty(), "an entity of no type");
    }
    if (type.kind == DatumKind::kSet) type.inner = value_type_id(before);
    if (type.kind == DatumKind::kSet && in_.ok()) {
      in_.require(schema_->value_types[type.inner].kind != DatumKind::kSet, "a set of sets");
    }
    if (type.kind == DatumKind::kRecord) {
      const std::uint32_t fields = in_.count(kTextBytes + 5);
      std::unordered_set<std::string_view> seen;
      for (std::uint32_t i = 0; i < fields && in_.ok(); ++i) {
        FieldType& field = type.fields.emplace_back();
        const std::string_view name = in_.text();
        take_name(name, is_identifier(name), seen);
        field.name = name;
        field.type = value_type_id(before);
        field.optional = in_.byte_up_to(1, "a flag is not one") != 0;
      }
    }
    return type;
  }

  ValueTypeId value_type_id(std::size_t count) {
    const auto id = static_cast<ValueTypeId>(in_.number<4>());
    in_.require(id < count, "no such value type");
    return id;
  }

  std::vector<std::uint16_t> ids_below(std::size_t bound) {
    std::vector<std::uint16_t> ids(in_.count(2));
    for (std::uint16_t& id : ids) {
      id = static_cast<std::uint16_t>(in_.number<2>());
      in_.require(id < bound, "no such type or action");
    }
    return ids;
  }

  std::vector<std::uint16_t> ascending_ids(std::size_t bound) {
    std::vector<std::uint16_t> ids = ids_below(bound);
    in_.require(std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end(),
                "a list is out of order");
    return ids;
  }

  void relations(EntityType& type) {
    type.parents = ids_below(schema_->types.size());
    type.reaches = ascending_ids(schema_->types.size());
    std::vector<TypeId> parents = type.parents;
    std::sort(parents.begin(), parents.end());
    in_.require(std::adjacent_find(parents.begin(), parents.end()) == parents.end(), "a parent type stands twice");
    in_.require(std::includes(type.reaches.begin(), type.reaches.end(), parents.begin(), parents.end()),
                "a type does not reach its parents");
    type.resource_actions = ascending_ids(schema_->actions.size());
    type.type_actions = ascending_ids(schema_->actions.size());
    for (const ActionId action : type.type_actions) {
      in_.require(!std::binary_search(type.resource_actions.begin(), type.resource_actions.end(), action),
                  "an action belongs to a type and to its resources");
    }
  }

  void principals() {
    const auto principal = [&](std::string_view name) {
      const auto id = static_cast<TypeId>(in_.number<2>());
      in_.require(id < schema_->types.size(), "no such type");
      if (in_.ok()) in_.require(schema_->types[id].name == name && !schema_->types[id].single, "no user or no agent");
      return id;
    };
    schema_->user = principal("user");
    schema_->agent = principal("agent");
  }

  void attributes(EntityType& type) {
    const std::uint32_t count = in_.count(kTextBytes + 5);
    std::unordered_set<std::string_view> seen;
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) {
      Attribute& attribute = type.attributes.emplace_back();
      const std::string_view name = in_.text();
      take_name(name, is_identifier(name), seen);
      attribute.name = name;
      attribute.type = value_type_id(schema_->value_types.size());
      const std::uint8_t flags = in_.byte_up_to(2, "an optional attribute has a default");
      attribute.optional = (flags & 1U) != 0;
      if ((flags & 2U) != 0) attribute.fallback = value_of(attribute.type);
    }
  }

  void context() {
    const std::uint32_t count = in_.count(kTextBytes + 5);
    std::unordered_set<std::string_view> seen;
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) {
      ContextKey& key = schema_->context.emplace_back();
      const std::string_view name = in_.text();
      take_name(name, is_identifier(name), seen);
      key.name = name;
      key.type = value_type_id(schema_->value_types.size());
      const std::uint8_t flags = in_.byte_up_to(5, "a context key means two things when absent");
      key.optional = (flags & 1U) != 0;
      key.absent_none = (flags & 4U) != 0;
      in_.require(!key.absent_none || key.optional, "a context key that is not optional cannot mean none");
      if ((flags & 2U) != 0) key.fallback = value_of(key.type);
    }
  }

  void aliases() {
    const std::uint32_t count = in_.count(2 * kTextBytes + 1);
    std::unordered_set<std::string_view> seen;
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) {
      Alias& alias = schema_->aliases.emplace_back();
      const std::string_view name = in_.text();
      take_name(name, is_scope_token(name) && name.size() <= kMaxScopeBytes, seen);
      alias.name = name;
      alias.ceiling = in_.byte_up_to(1, "a flag is not one") != 0;
      const std::span<const Cell> cells = cells_of();
      alias.cells.assign(cells.begin(), cells.end());
    }
  }

  std::span<const Cell> cells_of() {
    const std::span<Cell> cells = schema_->arena.array<Cell>(in_.count(kTextBytes + 5));
    in_.require(!cells.empty(), "a scope of nothing");
    for (std::size_t i = 0; i < cells.size() && in_.ok(); ++i) {
      Cell& cell = cells[i];
      cell.action = static_cast<ActionId>(in_.number<2>());
      cell.type = static_cast<TypeId>(in_.number<2>());
      cell.kind = static_cast<CellKind>(in_.byte_up_to(static_cast<std::uint8_t>(CellKind::kType), "no such kind"));
      cell.id = schema_->arena.copy(in_.text());
      if (in_.ok()) in_.require(fits(*schema_, cell), "a cell names what is not declared");
      if (i > 0) in_.require(compare(cells[i - 1], cell) < 0, "cells are out of order");
    }
    return cells;
  }

  Datum value_of(ValueTypeId type) {
    if (!in_.ok()) return {};
    const Datum datum = value(type);
    if (in_.ok()) in_.require(fits(*schema_, type, datum), "a value does not fit its type");
    return datum;
  }

  // Reads what the bytes say, provided that it has the shape of the type; whether it fits is asked for the whole.
  Datum value(ValueTypeId id) {
    const ValueType& type = schema_->value_types[id];
    const auto kind =
        static_cast<DatumKind>(in_.byte_up_to(static_cast<std::uint8_t>(DatumKind::kRecord), "no such kind"));
    if (kind == DatumKind::kNone) return {};
    in_.require(kind == type.kind, "a value does not fit its type");
    if (!in_.ok()) return {};
    Datum datum;
    datum.kind = kind;
    switch (kind) {
      case DatumKind::kString:
        return text_datum(schema_->arena.copy(in_.text()));
      case DatumKind::kEntity: {
        const auto entity = static_cast<TypeId>(in_.number<2>());
        return entity_datum(entity, schema_->arena.copy(in_.text()));
      }
      case DatumKind::kIp:
        return address();
      case DatumKind::kScope: {
        const std::span<const Cell> cells = cells_of();
        datum.cells = cells.data();
        datum.count = static_cast<std::uint32_t>(cells.size());
        return datum;
      }
      case DatumKind::kSet:
      case DatumKind::kRecord:
        return items(type, datum);
      default:
        datum.number = static_cast<std::int64_t>(in_.number<8>());
        return datum;
    }
  }

  Datum address() {
    Ip& ip = schema_->arena.array<Ip>(1)[0];
    for (std::uint8_t& byte : ip.bytes)
      byte = static_cast<std::uint8_t>(in_.number<1>());
    ip.prefix = static_cast<std::uint8_t>(in_.number<1>());
    ip.v4 = in_.byte_up_to(1, "a flag is not one") != 0;
    Datum datum;
    datum.kind = DatumKind::kIp;
    datum.address = &ip;
    return datum;
  }

  Datum items(const ValueType& type, Datum datum) {
    const std::span<Datum> items = schema_->arena.array<Datum>(in_.count(1));
    const bool record = type.kind == DatumKind::kRecord;
    in_.require(!record || items.size() == type.fields.size(), "a record does not have its fields");
    for (std::size_t i = 0; i < items.size() && in_.ok(); ++i)
      items[i] = value(record ? type.fields[i].type : type.inner);
    datum.items = items.data();
    datum.count = static_cast<std::uint32_t>(items.size());
    return datum;
  }

  Bytes in_;
  Schema* schema_ = nullptr;
};

}  // namespace

Result<std::shared_ptr<const Schema>> decode(std::span<const std::byte> bytes) {
  return Decoder(bytes).run();
}

}  // namespace writ
