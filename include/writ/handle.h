// Handles: what a host asks about again and again, looked up once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace writ {

struct HandleParts;

// What.          A user that was looked up: Engine::find_user(). A request that has it names the user by it.
// Thread-safety. A value; any number of threads may read one.
// Lifetime.      Owns the name and keeps nothing of the engine alive. It is of the engine that made it and of the state
//                that was live then. With any other it still means the user of that name, who is looked up as if the
//                request had said it: an old one is right, and saves nothing until it is found again.
// Cost.          Finding one is a look-up of the name, and an allocation where the name is long.
// Fails.         An empty one (made by nobody) is a user without a name: kMissingMember from whoever takes it.
class UserHandle {
 public:
  std::string_view name() const noexcept { return name_; }  // as it was given

 private:
  friend struct HandleParts;
  std::string name_;
  std::uint32_t id_at_ = 0;       // where in the name the id begins
  std::uint64_t state_ = 0;       // what it was found in; 0: nothing
  std::uint64_t hash_ = 0;        // under the seed of the data
  const void* record_ = nullptr;  // in that state; nullptr: not in the data
};

// The same of an agent: Engine::find_agent().
class AgentHandle {
 public:
  std::string_view name() const noexcept { return user_.name(); }

 private:
  friend struct HandleParts;
  UserHandle user_;
};

// The same of an action on the resources of a type, or on the type itself: Engine::find_action(). A request that has it
// gives the resource's id in Request::resource_id, and neither a scope nor an action.
class ActionHandle {
 public:
  std::string_view action() const noexcept { return action_; }
  std::string_view resource_type() const noexcept { return resource_type_; }

 private:
  friend struct HandleParts;
  std::string action_;
  std::string resource_type_;
  std::uint64_t state_ = 0;
  const void* door_ = nullptr;
};

// What.          What of a request is given by handles. Each is given once: by a handle or by its text, not by both.
// Thread-safety. A value.
// Lifetime.      Points to the handles, which need to live during the call that takes it.
// Cost.          Nothing.
// Fails.         kRepeated from whoever takes a request that gives something twice.
struct Handles {
  const UserHandle* user = nullptr;            // in place of Request::user
  std::span<const AgentHandle* const> agents;  // in place of Request::agents; none of them nullptr
  const ActionHandle* action = nullptr;        // in place of scope, action and resource_type
};

}  // namespace writ
