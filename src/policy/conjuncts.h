// A condition -> its tests.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "src/policy/program.h"

namespace writ::policy {

// Where a condition is to be read: sections of an image that is being written.
struct ConditionForms {
  std::span<const NodeRecord> nodes;
  std::span<const std::uint32_t> kids;
  std::span<const Slot> slots;
  std::span<const ConstantRecord> constants;
  const Schema* schema = nullptr;
};

inline constexpr std::size_t kMostTests = 0xFFFF;

// The tests that must all hold for the condition to hold, for resources of one type: comparisons of a number with a
// constant, people, and nodes for all else. At most kMostTests; kNoNode has none.
void conjuncts(const ConditionForms& forms, std::uint32_t condition, TypeId type, Bulk<TestRecord>& tests);

}  // namespace writ::policy
