// Datum: a value as Writ keeps it: 16 bytes, resolved against the policy's declarations.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/base/padded.h"
#include "src/scope/cell.h"
#include "writ/value.h"

namespace writ {

enum class DatumKind : std::uint8_t {
  kNone,  // absent
  kBool,
  kInt,
  kDecimal,
  kString,
  kTime,
  kDuration,
  kIp,
  kEntity,
  kScope,
  kSet,
  kRecord,
  kOpen,  // the resource whose id was left open: only `type` is known
};

// What it points to belongs to an arena that outlives it (a snapshot's, a program's, a request's).
struct Datum {
  union {
    std::int64_t number;  // kBool, kInt, kDecimal, kTime, kDuration
    const char* bytes;    // kString, kEntity (the id)
    const Ip* address;    // kIp
    const Cell* cells;    // kScope: what it stands for, `count` of them
    const Datum* items;   // kSet: `count` items, sorted and unique; kRecord: `count` fields as declared, kNone absent
  };
  std::uint32_t count = 0;  // bytes of text, or number of cells, items or fields
  DatumKind kind = DatumKind::kNone;
  TypeId type = kNoId;  // kEntity, kOpen

  constexpr Datum() : number(0) {}
  std::string_view text() const { return {bytes, count}; }
};
static_assert(sizeof(Datum) == 16);

inline Datum number_datum(DatumKind kind, std::int64_t number) {
  Datum datum;
  datum.kind = kind;
  datum.number = number;
  return datum;
}
inline Datum text_datum(std::string_view text) {
  Datum datum;
  datum.kind = DatumKind::kString;
  datum.bytes = text.data();
  datum.count = static_cast<std::uint32_t>(text.size());
  return datum;
}
inline Datum entity_datum(TypeId type, std::string_view id) {
  Datum datum = text_datum(id);
  datum.kind = DatumKind::kEntity;
  datum.type = type;
  return datum;
}
inline bool same_entity(const Datum& a, const Datum& b) {
  return a.kind == DatumKind::kEntity && b.kind == DatumKind::kEntity && a.type == b.type &&
         same_text(a.text(), b.text());
}

}  // namespace writ
