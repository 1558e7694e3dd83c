// What each operation takes: how many operands, and which of them are conditions. verify() holds an image to it, the
// evaluator relies on it.
#pragma once

#include <cstdint>

#include "src/policy/typed.h"

namespace writ::policy {

inline constexpr Op kLastOp = Op::kBoolOf;
inline constexpr std::uint32_t kMaxNodeCost = 65'536;       // node visits of one condition, quantifiers' bodies once
inline constexpr std::int64_t kMaxLifetime = 365 * 86'400;  // seconds

constexpr bool is_condition(Op op) noexcept {
  return op <= Op::kIsLastAgent;
}

struct NodeShape {
  std::uint32_t least_kids = 0;
  std::uint32_t most_kids = 0;
  bool conditions = false;  // operands are conditions
  bool body_last = false;   // only the second operand is one (kAny, kAll)
  constexpr bool condition_kid(std::uint32_t n) const noexcept { return conditions || (body_last && n == 1); }
};

constexpr NodeShape node_shape(Op op) noexcept {
  constexpr std::uint32_t kMany = 0xFFFFFFFEU;
  switch (op) {
    case Op::kAnd:
    case Op::kOr:
      return {2, kMany, true};
    case Op::kNot:
    case Op::kBoolOf:
      return {1, 1, true};
    case Op::kAny:
    case Op::kAll:
      return {2, 2, false, true};
    case Op::kIsTrue:
    case Op::kHas:
    case Op::kHasField:
    case Op::kLike:
    case Op::kAttribute:
    case Op::kField:
    case Op::kId:
    case Op::kNegate:
    case Op::kAbove:
      return {1, 1};
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kInEntity:
    case Op::kInEntities:
    case Op::kMember:
    case Op::kInNetwork:
    case Op::kCoversScope:
    case Op::kCoversSet:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
      return {2, 2};
    case Op::kWeekday:
    case Op::kClock:
      return {0, 1};
    case Op::kSetOf:
    case Op::kRecordOf:
      return {0, kMany};
    default:
      return {0, 0};
  }
}

}  // namespace writ::policy
