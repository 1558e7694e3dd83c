// Schema: a policy's declarations, resolved: entity types with attributes and parents, actions, context keys, aliases.
// Check builds it; the program carries it; scope strings, data and requests are read against it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/arena.h"
#include "src/scope/cell.h"
#include "src/scope/datum.h"
#include "src/scope/name_table.h"

namespace writ {

using ValueTypeId = std::uint32_t;  // index in Schema::value_types
inline constexpr ValueTypeId kNoValueType = 0xFFFFFFFFU;

// Equal types have equal ids: value types are interned. `optional` is no part of a ValueType; it stands where the type
// is used.
struct FieldType {
  std::string name;
  ValueTypeId type = kNoValueType;
  bool optional = false;
  friend bool operator==(const FieldType&, const FieldType&) = default;
};

struct ValueType {
  DatumKind kind = DatumKind::kBool;
  std::vector<TypeId> entities;      // kEntity: which types it may be of, ascending
  ValueTypeId inner = kNoValueType;  // kSet
  std::vector<FieldType> fields;     // kRecord, as declared
  friend bool operator==(const ValueType&, const ValueType&) = default;
};

struct Attribute {
  std::string name;
  ValueTypeId type = kNoValueType;
  bool optional = false;  // `T?`
  Datum fallback;         // `= v`; kNone without
};

struct EntityType {
  std::string name;
  bool single = false;
  bool closed = false;
  std::vector<Attribute> attributes;
  std::vector<TypeId> parents;             // as declared: `in account, album`
  std::vector<TypeId> reaches;             // every type an ancestor can be of, ascending; itself only if it may nest
  std::vector<std::string> ids;            // closed: sorted by bytes
  std::vector<ActionId> resource_actions;  // ascending
  std::vector<ActionId> type_actions;      // ascending

  // Index in `attributes`, or -1.
  int attribute(std::string_view name) const noexcept;
  bool lists(std::string_view id) const noexcept;  // closed: whether it is one of the ids. O(log n)
  bool can_reach(TypeId type) const noexcept;
};

struct ContextKey {
  std::string name;
  ValueTypeId type = kNoValueType;
  bool optional = false;     // `T?`
  bool absent_none = false;  // `absent means none`
  Datum fallback;            // `absent means v`; kNone without
};

struct Alias {
  std::string name;
  bool ceiling = false;
  std::vector<Cell> cells;  // expanded; sorted by compare() and unique
};

// What.          Plain data with look-ups by name. Texts and datums live in its own arena and names.
// Thread-safety. Immutable once built.
// Cost.          A look-up by name is one hash.
class Schema {
 public:
  std::vector<ValueType> value_types;
  std::vector<EntityType> types;
  std::vector<std::string> actions;
  std::vector<ContextKey> context;
  std::vector<Alias> aliases;
  TypeId user = kNoId;  // the types of principals; always there
  TypeId agent = kNoId;
  Arena arena;  // owns what datums and cells point to

  TypeId find_type(std::string_view name) const noexcept;      // kNoId if none
  ActionId find_action(std::string_view name) const noexcept;  // kNoId if none
  int find_context(std::string_view name) const noexcept;      // -1 if none
  int find_alias(std::string_view name) const noexcept;        // -1 if none
  bool acts_on_resource(ActionId action, TypeId type) const noexcept;
  bool acts_on_type(ActionId action, TypeId type) const noexcept;

  // Everything there is to do, one cell a pair of action and type, sorted by compare(): what `*` stands for. Those of
  // one type are a run in it. Empty until index_cells() was called.
  std::span<const Cell> everything() const noexcept { return everything_; }
  std::span<const Cell> everything_of(TypeId type) const noexcept;

  // What may be done, by names that are short. Empty until index_cells() was called.
  const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

  ValueTypeId intern(const ValueType& type);
  // Must be called once when names are complete, before any find_*.
  void index_names();
  // May be called once when types and their actions are complete; decode() does.
  void index_cells();
  // "set of user or group", "{a: int, b: string?}": as it would be written.
  std::string spell(ValueTypeId type, bool optional = false) const;

 private:
  void index_vocabulary();

  std::unordered_map<std::string_view, std::uint32_t> type_index_;
  std::unordered_map<std::string_view, std::uint32_t> action_index_;
  std::unordered_map<std::string_view, std::uint32_t> context_index_;
  std::unordered_map<std::string_view, std::uint32_t> alias_index_;
  std::unordered_multimap<std::uint64_t, ValueTypeId> interned_;
  std::vector<Cell> everything_;
  Vocabulary vocabulary_;
};

// Bare ids can stand in a scope; any other id can be decided and never printed, negotiated or minted.
bool is_bare_id(std::string_view id) noexcept;
// 1 to 1,024 bytes of UTF-8 without NUL.
bool is_id(std::string_view id) noexcept;
inline constexpr std::size_t kMaxIdBytes = 1024;
inline constexpr std::size_t kMaxScopeBytes = 1024;

// Orders datums of one type in a way that does not depend on addresses: sets are kept in it.
int compare(const Datum& a, const Datum& b) noexcept;

}  // namespace writ
