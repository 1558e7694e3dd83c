// Schema <-> bytes: how a compiled policy carries its declarations.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "src/scope/schema.h"
#include "writ/result.h"

namespace writ {

// Value types nest at most this deep; parsing lets no more through either.
inline constexpr std::uint32_t kMaxTypeDepth = 64;

// Appends. Equal schemas give equal bytes, on every machine. Numbers are little-endian; a text is its size in 32 bits
// and its bytes; a list is its count in 32 bits and its elements:
//
//   actions      list of text
//   types        list of { name text, flags u8 (1 single, 2 closed), ids list of text }
//   value types  list of { kind u8, then
//                  of an entity: list of u16
//                  of a set: inner u32
//                  of a record: list of { name text, type u32, optional u8 } }
//   then for each type { parents, reaches, resource actions, type actions: list of u16 each }
//   user u16, agent u16
//   then for each type { attributes: list of
//                  { name text, type u32, flags u8 (1 optional, 2 has a default), default value } }
//   context      list of { name text, type u32, flags u8 (1 optional, 2 absent means, 4 absent means none), value }
//   aliases      list of { name text, ceiling u8, cells list of cell }
//
//   cell         action u16, type u16, kind u8, id text
//   value        kind u8 (0 absent), then: numbers 64 bits; string: text; ip: 16 bytes, prefix u8, v4 u8;
//                entity: type u16, id text; scope: list of cell; set, record: list of value
void encode(const Schema& schema, std::vector<std::byte>& out);

// The bytes may come from anyone: every count, index, name and invariant of the schema is checked, and memory stays a
// small multiple of what came in. kBadImage otherwise. Names and cells are indexed.
Result<std::shared_ptr<const Schema>> decode(std::span<const std::byte> bytes);

}  // namespace writ
