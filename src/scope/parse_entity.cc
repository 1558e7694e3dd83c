#include "src/scope/parse_entity.h"

#include "src/base/quote.h"
#include "src/scope/fits.h"

namespace writ {

Result<Datum> resolve_entity(const Schema& schema, TypeId type, std::string_view id) noexcept {
  if (fits_entity(schema, type, id)) return entity_datum(type, id);
  const EntityType& declared = schema.types[type];
  if (declared.single) {
    return Error(ErrorCode::kBadId, declared.name).append(" is a single resource and has no id");
  }
  if (declared.closed && is_id(id)) {
    Error error(ErrorCode::kUnknownId, declared.name);
    return append_quoted(error.append(" does not list the id "), id);
  }
  if (id.empty()) return Error(ErrorCode::kBadId, declared.name).append(" needs an id");
  return Error(ErrorCode::kBadId, declared.name).append(" has ids of 1 to 1024 bytes of UTF-8 without NUL");
}

Result<Datum> resolve_entity(const Schema& schema, std::string_view type, std::string_view id) noexcept {
  const TypeId type_id = schema.find_type(type);
  if (type_id != kNoId) return resolve_entity(schema, type_id, id);
  Error error(ErrorCode::kUnknownType, "there is no type ");
  return append_quoted(error, type);
}

Result<Datum> parse_entity(const Schema& schema, std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    return resolve_entity(schema, text.substr(0, colon), text.substr(colon + 1));
  }
  const TypeId type = schema.find_type(text);
  if (type != kNoId && schema.types[type].single) return entity_datum(type, {});
  Error error(ErrorCode::kBadValue, "");
  return append_quoted(error, text).append(" is no reference: write `type:id`");
}

Result<Datum> parse_principal(const Schema& schema, TypeId type, std::string_view text) noexcept {
  const std::string_view name = schema.types[type].name;
  if (text.starts_with(name) && text.substr(name.size()).starts_with(':')) {
    return resolve_entity(schema, type, text.substr(name.size() + 1));
  }
  Error error(ErrorCode::kWrongType, "");
  append_quoted(error, text).append(type == schema.user ? " is no user" : " is no agent");
  return error.append(": write `").append(name).append(":id`");
}

}  // namespace writ
