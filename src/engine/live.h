// Live: a policy, its data, and what is laid ready of them, as one state of an engine.
#pragma once

#include <cstdint>
#include <optional>

#include "src/engine/lane.h"
#include "writ/entities.h"
#include "writ/policy.h"

namespace writ {

struct Live {
  // `before`: the state that it follows; or nullptr.
  Live(const Policy& with_policy, Entities with_entities, std::uint64_t with_version, std::int64_t default_lifetime,
       const Live* before)
      : policy(with_policy), entities(std::move(with_entities)), version(with_version) {
    // Data that was read against other declarations would be misread: its attributes are numbered by them.
    if (!policy.program().has_schema(entities.snapshot().schema())) return;
    const Lane* const lane_before = before != nullptr && before->fits() ? &*before->lane : nullptr;
    lane.emplace(policy.program(), entities.snapshot(), version, default_lifetime, lane_before);
  }
  bool fits() const noexcept { return lane.has_value(); }

  Policy policy;
  Entities entities;
  std::uint64_t version = 0;
  std::optional<Lane> lane;  // none where entities and policy are of different declarations
};

}  // namespace writ
