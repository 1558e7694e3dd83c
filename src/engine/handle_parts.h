// What handles hold, for those who make and read them.
#pragma once

#include "src/engine/lane.h"
#include "src/scope/build_datum.h"
#include "writ/handle.h"

namespace writ {

struct HandleParts {
  static const UserHandle& principal(const AgentHandle& handle) noexcept { return handle.user_; }
  static UserHandle& principal(AgentHandle& handle) noexcept { return handle.user_; }

  static void fill(UserHandle& handle, std::string_view name, const Lane& lane, const Party& party) {
    handle.name_ = name;
    handle.id_at_ = static_cast<std::uint32_t>(name.size() - party.entity.count);
    handle.state_ = lane.state;
    handle.hash_ = party.hash;
    handle.record_ = party.node;
  }
  static void fill(ActionHandle& handle, std::string_view action, std::string_view type, const Lane& lane,
                   const Door* door) {
    handle.action_ = action;
    handle.resource_type_ = type;
    handle.state_ = lane.state;
    handle.door_ = door;
  }

  // False: it was found in another state, and is to be looked up by its name.
  static bool read(const UserHandle& handle, const Lane& lane, TypeId type, Party& party) noexcept {
    if (handle.state_ != lane.state) return false;
    party.entity = entity_datum(type, std::string_view(handle.name_).substr(handle.id_at_));
    party.hash = handle.hash_;
    party.node = static_cast<const Node*>(handle.record_);
    party.candidate = nullptr;
    return true;
  }
  // nullptr likewise.
  static const Door* door(const ActionHandle& handle, const Lane& lane) noexcept {
    return handle.state_ == lane.state ? static_cast<const Door*>(handle.door_) : nullptr;
  }
};

}  // namespace writ
