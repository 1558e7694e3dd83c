// What a request states beyond who asks for what: context, and attributes of its user and its resource.
#pragma once

#include <memory>
#include <string_view>

#include "writ/policy.h"
#include "writ/result.h"
#include "writ/value.h"

namespace writ {

struct RequestFacts;

// What.          Context and attributes of one request, checked against one policy's declarations as they are set.
// Thread-safety. Not while it is changed; several threads may decide with one that no longer changes.
// Lifetime.      Copies what it is given. `clear()` keeps the memory for the next request.
// Cost.          Each set_ is a look-up by name and a copy of the value; allocates when its memory has to grow.
// Fails.         kUnknownContext, kUnknownAttribute, kWrongType, kBadValue, kBadId, kUnknownId, kRepeated, kTooMany:
//                then nothing of that call is kept. A host that goes on after an error decides on the rest: unknown,
//                closed.
//
// Facts come from a trusted enforcement point, never from an OAuth client or an agent.
class Facts {
 public:
  explicit Facts(const Policy& policy);
  ~Facts();
  Facts(Facts&&) noexcept;
  Facts& operator=(Facts&&) noexcept;

  Result<void> set_context(std::string_view key, const Value& value);
  // Attributes fill in what the data does not store; one that differs from a stored value makes decide() answer
  // kContradictsData. They do not make the entity known unless *_complete() is called.
  Result<void> set_user(std::string_view attribute, const Value& value);
  Result<void> add_user_parent(std::string_view type, std::string_view id);
  void user_complete();
  // Fixes the type of the resource; must come before the other resource calls.
  Result<void> describe_resource(std::string_view type);
  Result<void> set_resource(std::string_view attribute, const Value& value);
  Result<void> add_resource_parent(std::string_view type, std::string_view id);
  void resource_complete();
  void clear();

  const RequestFacts& facts() const noexcept { return *facts_; }  // for the library's own use
  RequestFacts& facts() noexcept { return *facts_; }
  const Policy& policy() const noexcept { return policy_; }

 private:
  Policy policy_;
  std::unique_ptr<RequestFacts> facts_;
};

}  // namespace writ
