// Cell: one action of one type, with an id, a prefix or everything. What patterns, permissions and requests become.
#pragma once

#include <cstdint>
#include <string_view>

namespace writ {

using TypeId = std::uint16_t;    // index in Schema::types
using ActionId = std::uint16_t;  // index in Schema::actions
inline constexpr std::uint16_t kNoId = 0xFFFF;

enum class CellKind : std::uint8_t {
  kAll,     // every single resource of the type
  kPrefix,  // those whose id begins with `id`
  kExact,   // the one with this id; also the one of a `single` type, with an empty id
  kType,    // the type itself: an action that was declared `for type`
};

// `id` is a view; whoever holds cells holds the text. Two cells are disjoint or one covers the other.
struct Cell {
  ActionId action = kNoId;
  TypeId type = kNoId;
  CellKind kind = CellKind::kAll;
  std::string_view id;
};

enum class Overlap : std::uint8_t { kDisjoint, kPartly, kCovers };

// How `pattern` lies to `asked`: kCovers if every resource of asked is one of pattern, kPartly if only some may be.
constexpr Overlap overlap(const Cell& pattern, const Cell& asked) noexcept {
  if (pattern.action != asked.action || pattern.type != asked.type) return Overlap::kDisjoint;
  if ((pattern.kind == CellKind::kType) != (asked.kind == CellKind::kType)) return Overlap::kDisjoint;
  if (pattern.kind == CellKind::kType || pattern.kind == CellKind::kAll) return Overlap::kCovers;
  if (asked.kind == CellKind::kAll) return Overlap::kPartly;
  const bool asked_longer = asked.id.size() >= pattern.id.size();
  const auto starts = [](std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; };
  if (pattern.kind == CellKind::kPrefix) {
    if (starts(asked.id, pattern.id)) return Overlap::kCovers;
    return asked.kind == CellKind::kPrefix && !asked_longer && starts(pattern.id, asked.id) ? Overlap::kPartly
                                                                                            : Overlap::kDisjoint;
  }
  if (asked.kind == CellKind::kExact) return asked.id == pattern.id ? Overlap::kCovers : Overlap::kDisjoint;
  return starts(pattern.id, asked.id) ? Overlap::kPartly : Overlap::kDisjoint;
}

// The order in which cells are kept: by type, then action, then kind, then id. Negative, zero or positive.
constexpr int compare(const Cell& a, const Cell& b) noexcept {
  if (a.type != b.type) return a.type < b.type ? -1 : 1;
  if (a.action != b.action) return a.action < b.action ? -1 : 1;
  if (a.kind != b.kind) return a.kind < b.kind ? -1 : 1;
  return a.id.compare(b.id);
}

constexpr bool covers(const Cell& pattern, const Cell& asked) noexcept {
  return overlap(pattern, asked) == Overlap::kCovers;
}

}  // namespace writ
