// Draft: one entity while it is read, from a record or from JSON. What both check alike.
#pragma once

#include <string_view>
#include <vector>

#include "src/base/arena.h"
#include "src/data/staging.h"
#include "src/scope/datum.h"
#include "writ/result.h"

namespace writ::data {

// Not thread-safe. One serves for many entities, one after the other, and keeps its memory. Each error names place and
// entity.
class Draft {
 public:
  explicit Draft(Staging& staging) : staging_(staging) {}

  // `type` and `id` must live until commit().
  Result<void> begin(Place place, std::string_view type, std::string_view id);
  // The type of the attribute that set() is to be given a value for. kUnknownAttribute, kRepeated.
  Result<const Attribute*> attribute(std::string_view name);
  void set(const Attribute& attribute, const Datum& value);
  Result<void> add_parent(std::string_view type, std::string_view id);
  Result<void> commit();  // stages it

  Arena& arena() { return arena_; }  // for values, until the next begin()
  const Schema& schema() const { return staging_.schema(); }
  Place place() const { return place_; }
  void move_to(std::uint32_t line) { place_.line = line; }  // where errors are from here on
  const Datum& entity() const { return entity_; }
  Error fault(ErrorCode code) const { return staging_.fault(code, place_, entity_); }
  Error fault_in(std::string_view attribute, const Error& inner) const;

 private:
  Staging& staging_;
  Arena arena_;
  Place place_;
  Place begun_;
  Datum entity_;
  std::vector<Datum> attributes_;
  std::vector<bool> stated_;
  std::vector<Datum> parents_;
};

}  // namespace writ::data
