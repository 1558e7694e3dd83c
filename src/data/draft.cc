#include "src/data/draft.h"

#include "src/base/quote.h"

namespace writ::data {

Result<void> Draft::begin(Place place, std::string_view type, std::string_view id) {
  place_ = place;
  begun_ = place;
  arena_.clear();
  parents_.clear();
  const Result<Datum> entity = staging_.entity(place, type, id);
  if (!entity) return entity.error();
  entity_ = *entity;
  const std::size_t count = schema().types[entity_.type].attributes.size();
  attributes_.assign(count, Datum());
  stated_.assign(count, false);
  return {};
}

Error Draft::fault_in(std::string_view attribute, const Error& inner) const {
  Error error = fault(inner.code).append("attribute ");
  append_quoted(error, attribute).append(": ").append(inner.detail());
  if (inner.line != 0) error.line = inner.line;
  return error;
}

Result<const Attribute*> Draft::attribute(std::string_view name) {
  const EntityType& type = schema().types[entity_.type];
  const int index = type.attribute(name);
  if (index < 0) {
    Error error = fault(ErrorCode::kUnknownAttribute).append(type.name).append(" has no attribute ");
    append_quoted(error, name).append(type.attributes.empty() ? "; it has none at all" : "; it has ");
    for (std::size_t i = 0; i < type.attributes.size(); ++i)
      error.append(i == 0 ? "" : ", ").append(type.attributes[i].name);
    return error;
  }
  const auto at = static_cast<std::size_t>(index);
  if (stated_[at]) {
    Error error = fault(ErrorCode::kRepeated).append("attribute ");
    return append_quoted(error, name).append(" stands twice; keep one of them");
  }
  stated_[at] = true;
  return &type.attributes[at];
}

void Draft::set(const Attribute& attribute, const Datum& value) {
  const auto& declared = schema().types[entity_.type].attributes;
  attributes_[static_cast<std::size_t>(&attribute - declared.data())] = value;
}

Result<void> Draft::add_parent(std::string_view type, std::string_view id) {
  const Result<Datum> parent = staging_.parent(place_, entity_, type, id);
  if (!parent) return parent.error();
  parents_.push_back(*parent);
  return {};
}

Result<void> Draft::commit() {
  return staging_.add(begun_, entity_, attributes_, parents_);
}

}  // namespace writ::data
