#include "src/scope/schema.h"

#include <algorithm>
#include <cstring>

#include "src/base/hash.h"
#include "src/base/utf8.h"
#include "src/scope/bare.h"

namespace writ {
namespace {

template <class Index>
std::int64_t look_up(const Index& index, std::string_view name) noexcept {
  const auto found = index.find(name);
  return found == index.end() ? -1 : static_cast<std::int64_t>(found->second);
}

template <class Named, class Index>
void index_by_name(const std::vector<Named>& from, Index& index) {
  index.clear();
  index.reserve(from.size());
  for (std::uint32_t i = 0; i < from.size(); ++i) {
    if constexpr (std::is_same_v<Named, std::string>) {
      index.emplace(from[i], i);
    } else {
      index.emplace(from[i].name, i);
    }
  }
}

std::uint64_t hash_type(const ValueType& type) {
  std::uint64_t hash = static_cast<std::uint64_t>(type.kind);
  for (const TypeId entity : type.entities)
    hash = hash_mix(hash, entity);
  hash = hash_mix(hash, type.inner);
  for (const FieldType& field : type.fields) {
    hash = hash_mix(hash, hash_bytes(field.name, field.type));
    hash = hash_mix(hash, field.optional ? 1 : 0);
  }
  return hash;
}

int compare_numbers(std::int64_t a, std::int64_t b) noexcept {
  return a == b ? 0 : (a < b ? -1 : 1);
}

int compare_addresses(const Ip& a, const Ip& b) noexcept {
  if (a.v4 != b.v4) return a.v4 ? -1 : 1;
  if (const int bytes = std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()); bytes != 0) return bytes;
  return compare_numbers(a.prefix, b.prefix);
}

template <class Element>
int compare_runs(const Element* a, std::uint32_t a_count, const Element* b, std::uint32_t b_count) noexcept {
  for (std::uint32_t i = 0; i < std::min(a_count, b_count); ++i) {
    if (const int order = compare(a[i], b[i]); order != 0) return order;
  }
  return compare_numbers(a_count, b_count);
}

std::string_view kind_name(DatumKind kind) {
  switch (kind) {
    case DatumKind::kBool:
      return "bool";
    case DatumKind::kInt:
      return "int";
    case DatumKind::kDecimal:
      return "decimal";
    case DatumKind::kString:
      return "string";
    case DatumKind::kTime:
      return "time";
    case DatumKind::kDuration:
      return "duration";
    case DatumKind::kIp:
      return "ip";
    case DatumKind::kScope:
      return "scope";
    default:
      return "";
  }
}

}  // namespace

int EntityType::attribute(std::string_view wanted) const noexcept {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].name == wanted) return static_cast<int>(i);
  }
  return -1;
}

bool EntityType::lists(std::string_view id) const noexcept {
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  return found != ids.end() && *found == id;
}

bool EntityType::can_reach(TypeId type) const noexcept {
  return std::binary_search(reaches.begin(), reaches.end(), type);
}

TypeId Schema::find_type(std::string_view name) const noexcept {
  const std::int64_t index = look_up(type_index_, name);
  return index < 0 ? kNoId : static_cast<TypeId>(index);
}

ActionId Schema::find_action(std::string_view name) const noexcept {
  const std::int64_t index = look_up(action_index_, name);
  return index < 0 ? kNoId : static_cast<ActionId>(index);
}

int Schema::find_context(std::string_view name) const noexcept {
  return static_cast<int>(look_up(context_index_, name));
}

int Schema::find_alias(std::string_view name) const noexcept {
  return static_cast<int>(look_up(alias_index_, name));
}

bool Schema::acts_on_resource(ActionId action, TypeId type) const noexcept {
  const auto& list = types[type].resource_actions;
  return std::binary_search(list.begin(), list.end(), action);
}

bool Schema::acts_on_type(ActionId action, TypeId type) const noexcept {
  const auto& list = types[type].type_actions;
  return std::binary_search(list.begin(), list.end(), action);
}

std::span<const Cell> Schema::everything_of(TypeId type) const noexcept {
  const auto first =
      std::partition_point(everything_.begin(), everything_.end(), [&](const Cell& cell) { return cell.type < type; });
  const auto last = std::partition_point(first, everything_.end(), [&](const Cell& cell) { return cell.type == type; });
  return {first, last};
}

ValueTypeId Schema::intern(const ValueType& type) {
  // Types that somebody put into the list by hand are taken over.
  for (auto i = static_cast<ValueTypeId>(interned_.size()); i < value_types.size(); ++i) {
    interned_.emplace(hash_type(value_types[i]), i);
  }
  const std::uint64_t hash = hash_type(type);
  const auto [first, last] = interned_.equal_range(hash);
  for (auto found = first; found != last; ++found) {
    if (value_types[found->second] == type) return found->second;
  }
  const auto id = static_cast<ValueTypeId>(value_types.size());
  value_types.push_back(type);
  interned_.emplace(hash, id);
  return id;
}

void Schema::index_names() {
  index_by_name(types, type_index_);
  index_by_name(actions, action_index_);
  index_by_name(context, context_index_);
  index_by_name(aliases, alias_index_);
}

void Schema::index_cells() {
  everything_.clear();
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto type = static_cast<TypeId>(i);
    const CellKind resources = types[i].single ? CellKind::kExact : CellKind::kAll;
    for (const ActionId action : types[i].resource_actions)
      everything_.push_back({action, type, resources, {}});
    for (const ActionId action : types[i].type_actions)
      everything_.push_back({action, type, CellKind::kType, {}});
  }
  std::sort(everything_.begin(), everything_.end(), [](const Cell& a, const Cell& b) { return compare(a, b) < 0; });
  index_vocabulary();
}

void Schema::index_vocabulary() {
  std::vector<Word> words;
  for (const Cell& cell : everything_) {
    const EntityType& type = types[cell.type];
    ShortScope scope;
    if (!take_apart_shortly(actions[cell.action] + ":" + type.name, scope)) continue;
    words.push_back({{scope.name[0], scope.name[1]},
                     scope.name_size,
                     cell.action,
                     cell.type,
                     cell.kind == CellKind::kType,
                     type.single,
                     cell.kind != CellKind::kType && !type.single && !type.closed});
  }
  vocabulary_.fill(words);
}

std::string Schema::spell(ValueTypeId id, bool optional) const {
  const ValueType& type = value_types[id];
  std::string text;
  switch (type.kind) {
    case DatumKind::kEntity:
      for (const TypeId entity : type.entities) {
        if (!text.empty()) text += " or ";
        text += types[entity].name;
      }
      break;
    case DatumKind::kSet:
      text = "set of " + spell(type.inner);
      break;
    case DatumKind::kRecord:
      for (const FieldType& field : type.fields) {
        text += text.empty() ? "{" : ", ";
        text += field.name + ": " + spell(field.type, field.optional);
      }
      text += text.empty() ? "{}" : "}";
      break;
    default:
      text = kind_name(type.kind);
  }
  return optional ? text + "?" : text;
}

bool is_bare_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= kMaxIdBytes && all_bare(id);
}

bool is_id(std::string_view id) noexcept {
  if (id.empty() || id.size() > kMaxIdBytes) return false;
  return is_plain(id) || (std::memchr(id.data(), '\0', id.size()) == nullptr && is_utf8(id));
}

int compare(const Datum& a, const Datum& b) noexcept {
  if (a.kind != b.kind) return a.kind < b.kind ? -1 : 1;
  switch (a.kind) {
    case DatumKind::kNone:
      return 0;
    case DatumKind::kBool:
    case DatumKind::kInt:
    case DatumKind::kDecimal:
    case DatumKind::kTime:
    case DatumKind::kDuration:
      return compare_numbers(a.number, b.number);
    case DatumKind::kString:
      return a.text().compare(b.text());
    case DatumKind::kIp:
      return compare_addresses(*a.address, *b.address);
    case DatumKind::kEntity:
      if (a.type != b.type) return a.type < b.type ? -1 : 1;
      return a.text().compare(b.text());
    case DatumKind::kScope:
      return compare_runs(a.cells, a.count, b.cells, b.count);
    case DatumKind::kSet:
    case DatumKind::kRecord:
      return compare_runs(a.items, a.count, b.items, b.count);
    case DatumKind::kOpen:
      return compare_numbers(a.type, b.type);
  }
  return 0;
}

}  // namespace writ
